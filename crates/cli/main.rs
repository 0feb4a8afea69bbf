//! The `arrears` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    arrears_cli::main()
}

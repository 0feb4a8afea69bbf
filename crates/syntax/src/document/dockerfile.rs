//! Reads Dockerfiles.

use arrears_core::source::RelPath;
use arrears_core::text::{LineIndex, TextRange};
use parse_dockerfile::{Command as Parsed, HealthcheckArguments, Instruction, Source, UnescapedString};
use serde::{Deserialize, Serialize};

use super::heredoc::without_bodies;
use super::{Broken, Read};
use crate::shell;

/// A Dockerfile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dockerfile {
    /// What `ARG` names before the first stage.
    pub arguments: Vec<Variable>,
    /// The stages; there is at least one.
    pub stages: Vec<Stage>,
}

/// What lies between one `FROM` and the next.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// The image or the stage that it starts from.
    pub image: Text,
    /// Its name.
    pub name: Option<Text>,
    /// The `FROM` instruction.
    pub range: TextRange,
    /// The `USER` instructions.
    pub users: Vec<Text>,
    /// The `RUN` instructions.
    pub runs: Vec<Command>,
    /// The last `CMD`.
    pub command: Option<Command>,
    /// The last `ENTRYPOINT`.
    pub entrypoint: Option<Command>,
    /// What `ENV` and `ARG` name.
    pub variables: Vec<Variable>,
    /// The `COPY` and `ADD` instructions.
    pub copies: Vec<Copy>,
    /// The last `HEALTHCHECK`.
    pub healthcheck: Option<Healthcheck>,
    /// The ports that `EXPOSE` names.
    pub ports: Vec<Text>,
    /// The last `WORKDIR`.
    pub folder: Option<Text>,
}

/// A text and where it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// The text, escapes resolved.
    pub text: String,
    /// Where it is written.
    pub range: TextRange,
}

/// What an instruction runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// The arguments of a list: `["gunicorn", "shop.wsgi"]`; none, where a shell reads the text.
    pub words: Option<Vec<String>>,
    /// What is written after the instruction's name.
    pub range: TextRange,
    /// The instruction's name.
    pub keyword: TextRange,
}

/// A variable of the environment or of the build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value, if it has one.
    pub value: Option<String>,
    /// The arguments of the instruction.
    pub range: TextRange,
    /// Whether it is gone when the image runs: `ARG`.
    pub is_argument: bool,
}

/// A `COPY` or `ADD` instruction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copy {
    /// The stage or image that it copies from.
    pub from: Option<Text>,
    /// What it copies.
    pub sources: Vec<String>,
    /// Where to.
    pub target: String,
}

/// A `HEALTHCHECK` instruction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Healthcheck {
    /// Where it is written.
    pub range: TextRange,
    /// Whether it turns the check of the base image off: `HEALTHCHECK NONE`.
    pub is_none: bool,
}

impl Dockerfile {
    /// Returns the place of a stage that `FROM` or `COPY --from` names: by its name or its number.
    pub fn stage_named(&self, name: &str) -> Option<usize> {
        let is_named = |stage: &Stage| stage.name.as_ref().is_some_and(|it| it.text.eq_ignore_ascii_case(name));
        self.stages.iter().position(is_named).or_else(|| name.parse().ok().filter(|at| *at < self.stages.len()))
    }

    /// Returns a stage and those that it is made of, itself first.
    pub fn lineage(&self, stage: usize) -> Vec<&Stage> {
        let (mut found, mut at) = (Vec::new(), Some(stage));
        while let Some((place, stage)) = at.and_then(|at| Some((at, self.stages.get(at)?))) {
            found.push(stage);
            // A stage is made of an earlier one.
            at = self.stage_named(&stage.image.text).filter(|earlier| *earlier < place);
        }
        found
    }
}

/// Returns whether a file is a Dockerfile by its name: `Dockerfile`, `Dockerfile.prod`, `web.Dockerfile`, `Containerfile`.
pub fn is_dockerfile(path: &RelPath) -> bool {
    const OTHERS: [&str; 20] = [
        "j2",
        "md",
        "yml",
        "yaml",
        "json",
        "dockerignore",
        "txt",
        "sh",
        "html",
        "tmpl",
        "erb",
        "rs",
        "go",
        "rb",
        "java",
        "kt",
        "c",
        "cpp",
        "css",
        "lock",
    ];
    let name = path.file_name().to_ascii_lowercase();
    let is_named = ["dockerfile", "containerfile"].iter().any(|word| {
        name == *word
            || name.ends_with(&format!(".{word}"))
            || name.strip_prefix(word).is_some_and(|rest| rest.starts_with(['.', '-', '_']))
    });
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    is_named && !OTHERS.contains(&extension)
}

/// Reads a Dockerfile.
pub fn read(text: &str) -> Read<Dockerfile> {
    let text = &*without_bodies(text);
    let parsed = parse_dockerfile::parse(text).map_err(|error| broken(text, &error))?;
    let mut dockerfile = Dockerfile::default();
    for instruction in &parsed.instructions {
        match (instruction, dockerfile.stages.last_mut()) {
            (Instruction::From(from), _) => {
                let name = from.as_.as_ref().map(|(_, name)| taken(name));
                let end = name.as_ref().map_or(from.image.span.end, |it| it.range.to_usize().end);
                let range = TextRange::of(from.from.span.start..end);
                dockerfile.stages.push(Stage { image: taken(&from.image), name, range, ..Stage::default() });
            }
            (Instruction::Arg(arg), None) => dockerfile.arguments.extend(variables(&arg.arguments, true)),
            (_, None) => {}
            (instruction, Some(stage)) => add(stage, instruction),
        }
    }
    Ok(dockerfile)
}

fn add(stage: &mut Stage, instruction: &Instruction<'_>) {
    match instruction {
        Instruction::Arg(arg) => stage.variables.extend(variables(&arg.arguments, true)),
        Instruction::Env(env) => stage.variables.extend(variables(&env.arguments, false)),
        Instruction::User(user) => stage.users.push(taken(&user.arguments)),
        Instruction::Workdir(folder) => stage.folder = Some(taken(&folder.arguments)),
        Instruction::Run(run) => {
            let mut found = command(&run.arguments, TextRange::of(run.run.span.clone()));
            if let Some(body) = run.here_docs.first() {
                found.range = TextRange::of(body.span.clone());
            }
            stage.runs.push(found);
        }
        Instruction::Cmd(cmd) => stage.command = Some(command(&cmd.arguments, TextRange::of(cmd.cmd.span.clone()))),
        Instruction::Entrypoint(it) => {
            stage.entrypoint = Some(command(&it.arguments, TextRange::of(it.entrypoint.span.clone())));
        }
        Instruction::Copy(copy) => stage.copies.push(copied(&copy.options, &copy.src, &copy.dest)),
        Instruction::Add(copy) => stage.copies.push(copied(&copy.options, &copy.src, &copy.dest)),
        Instruction::Healthcheck(check) => {
            let is_none = matches!(check.arguments, HealthcheckArguments::None { .. });
            stage.healthcheck = Some(Healthcheck { range: TextRange::of(check.healthcheck.span.clone()), is_none });
        }
        Instruction::Expose(expose) => stage.ports.extend(expose.arguments.iter().map(taken)),
        _ => {}
    }
}

fn taken(text: &UnescapedString<'_>) -> Text {
    Text { text: text.value.to_string(), range: TextRange::of(text.span.clone()) }
}

fn command(parsed: &Parsed<'_>, keyword: TextRange) -> Command {
    match parsed {
        Parsed::Exec(list) => {
            let words = list.value.iter().map(|word| word.value.to_string()).collect();
            Command { words: Some(words), range: TextRange::of(list.span.clone()), keyword }
        }
        Parsed::Shell(text) => Command { words: None, range: TextRange::of(text.span.clone()), keyword },
        _ => Command { words: None, range: keyword, keyword },
    }
}

fn copied(options: &[parse_dockerfile::Flag<'_>], sources: &[Source<'_>], target: &UnescapedString<'_>) -> Copy {
    let from = options.iter().find(|it| it.name.value == "from").and_then(|it| it.value.as_ref());
    let paths = sources.iter().filter_map(|source| match source {
        Source::Path(path) => Some(path.value.to_string()),
        _ => None,
    });
    Copy { from: from.map(taken), sources: paths.collect(), target: target.value.to_string() }
}

/// Reads `A=1 B="two words"`, `A` and the old `A 1`.
fn variables(arguments: &UnescapedString<'_>, is_argument: bool) -> Vec<Variable> {
    let range = TextRange::of(arguments.span.clone());
    let words: Vec<String> =
        shell::commands(&arguments.value).into_iter().flat_map(|it| it.words).map(|word| word.text).collect();
    let variable = |name: &str, value: Option<&str>| Variable {
        name: name.to_owned(),
        value: value.map(str::to_owned),
        range,
        is_argument,
    };
    if let [name, rest @ ..] = words.as_slice()
        && !is_argument
        && !name.contains('=')
        && !rest.is_empty()
    {
        return vec![variable(name, Some(&rest.join(" ")))];
    }
    let pair = |word: &String| match word.split_once('=') {
        Some((name, value)) => variable(name, Some(value)),
        None => variable(word, None),
    };
    words.iter().map(pair).collect()
}

/// The library's columns are not those of the text; a line is.
fn broken(text: &str, error: &parse_dockerfile::Error) -> Broken {
    let lines = LineIndex::new(text);
    let line = u32::try_from(error.line().saturating_sub(1)).unwrap_or(0);
    let range = lines.line_range(line).to_usize();
    let start = range.start;
    let written = text.get(range).unwrap_or("");
    let blank = written.len() - written.trim_start().len();
    let end = start + blank + written.trim().len();
    Broken { range: TextRange::of((start + blank).min(end)..end), message: format!("{error:#}") }
}

#[cfg(test)]
mod tests {
    use arrears_core::source::RelPath;

    use super::{is_dockerfile, read};

    const TEXT: &str = "ARG VERSION=3.13\nFROM python:${VERSION}-slim AS base\nENV A=1 B=\"two words\"\nENV C three\n\
        COPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/uv\nRUN uv sync \\\n    || true\nFROM base\nUSER app\n\
        EXPOSE 8000\nHEALTHCHECK CMD curl -f localhost\nCMD [\"gunicorn\", \"shop.wsgi\"]\n";

    #[test]
    fn stages_keep_their_instructions_with_places() {
        let file = read(TEXT).expect("a Dockerfile");
        let [base, last] = file.stages.as_slice() else { panic!("two stages") };
        assert_eq!(base.image.text, "python:${VERSION}-slim");
        assert_eq!(base.range.slice(TEXT), "FROM python:${VERSION}-slim AS base");
        let names: Vec<_> = base.variables.iter().map(|it| (it.name.as_str(), it.value.as_deref())).collect();
        assert_eq!(names, [("A", Some("1")), ("B", Some("two words")), ("C", Some("three"))]);
        let from = base.copies[0].from.as_ref().expect("a source");
        assert_eq!(from.range.slice(TEXT), "ghcr.io/astral-sh/uv:latest");
        assert_eq!(base.runs[0].range.slice(TEXT), "uv sync \\\n    || true");
        let command = last.command.as_ref().expect("a command");
        assert_eq!(command.words.as_deref(), Some(["gunicorn".to_owned(), "shop.wsgi".to_owned()].as_slice()));
        assert_eq!(last.users[0].text, "app");
        assert_eq!(file.lineage(1).len(), 2);
        assert!(last.healthcheck.as_ref().is_some_and(|it| !it.is_none));
    }

    #[test]
    fn a_broken_file_has_a_place() {
        let text = "FROM python:3\n  RUNN ls\n";
        let broken = read(text).expect_err("no Dockerfile");
        assert_eq!(broken.range.slice(text), "RUNN ls");
    }

    #[test]
    fn a_file_that_is_written_in_place_is_no_instruction() {
        let text = "FROM a\nRUN cat > /a.py <<'EOF'\nimport os\nEOF\nUSER app\n";
        let file = read(text).expect("a Dockerfile");
        assert_eq!(file.stages[0].users[0].range.slice(text), "app");
    }

    #[test]
    fn names_of_dockerfiles_are_known() {
        let found = ["Dockerfile", "docker/prod.Dockerfile", "Dockerfile.web", "Containerfile", "Dockerfile-nb"];
        assert!(found.iter().all(|name| is_dockerfile(&RelPath::new(name))));
        let others = ["Dockerfile.j2", "Dockerfile.dockerignore", "dockerfile.md", "dockerfiles/x.py"];
        assert!(!others.iter().any(|name| is_dockerfile(&RelPath::new(name))));
    }

    #[test]
    fn a_quarter_of_a_megabyte_of_joined_lines_is_read_in_time() {
        let text = format!("FROM a\nRUN x {}\n", "\\\n".repeat(120_000));
        assert!(read(&text).is_ok());
        let text = format!("FROM a\n{}", "ONBUILD ".repeat(30_000));
        let _ = read(&text);
        let text = format!("FROM a\nRUN {}", "<<EOF ".repeat(30_000));
        let _ = read(&text);
    }
}

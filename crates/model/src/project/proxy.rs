//! What stands before the server in the repository: nginx, Caddy, Traefik, an ingress, headers that code sets.

use arrears_core::source::{Family, Language, RelPath, Roles};

use super::{ProjectFile, ProjectModel};

/// Something that the server in front may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// It sends `http://` on to `https://`.
    Https,
    /// It sends `Strict-Transport-Security`.
    Hsts,
    /// It sends `Content-Security-Policy`, or pages carry one.
    ContentPolicy,
    /// It sends `X-Frame-Options`.
    Frames,
    /// It compresses responses.
    Compression,
}

impl<'p> ProjectModel<'p> {
    /// Returns a file that does a duty beside Django's settings: configuration of a proxy, or code that sets the header.
    ///
    /// A hint is enough: who reads the file decides whether it is the one that serves.
    pub fn does(&self, duty: Duty) -> Option<&'p RelPath> {
        let is_it = |file: &ProjectFile<'_>| {
            let roles = file.source.roles;
            if roles.intersects(Roles::TEST | Roles::MIGRATION | Roles::VENDORED | Roles::MINIFIED) {
                return false;
            }
            match file.source.language {
                Language::Markdown => false,
                Language::Text if is_configuration(&file.source.path) => is_done_by_proxy(duty, file),
                _ => is_done_by_code(duty, file),
            }
        };
        self.files().find(is_it).map(|file| &file.source.path)
    }
}

fn is_configuration(path: &RelPath) -> bool {
    let name = path.file_name();
    !matches!(path.extension(), "html" | "htm" | "djhtml" | "txt" | "xml" | "md")
        && !name.contains("lock")
        && !matches!(name, "package.json" | "tsconfig.json")
        && !path.folders().any(|it| matches!(it, "locale" | "locales" | "fixtures" | "docs"))
}

/// Returns whether one of the words that a duty takes is in a file at all: most files are not looked at further.
fn mentions(file: &ProjectFile<'_>, words: &[&str]) -> bool {
    words.iter().any(|word| file.facts.words.may_contain(word))
}

fn is_done_by_proxy(duty: Duty, file: &ProjectFile<'_>) -> bool {
    let path = &file.source.path;
    let name = path.file_name();
    let text: &str = &file.source.text;
    let is_caddy = name.starts_with("Caddyfile");
    let is_ingress = || text.contains("kind: Ingress") && text.contains("tls:");
    match duty {
        // Caddy redirects and gets its certificates by itself, unless it is told a port.
        Duty::Https if is_caddy => !lines(text).any(|line| line.trim_start().starts_with([':', '$'])),
        Duty::Https if name == "render.yaml" || is_ingress() => true,
        Duty::Https => has(
            text,
            &[
                "301 https",
                "302 https",
                "307 https",
                "308 https",
                "ssl-redirect",
                "ssl_redirect",
                "redirectscheme",
                "redirections.entrypoint",
                "force_https",
                "redirect-to-https",
                "http_301",
                "secure: always",
                "https permanent",
                "https://$host$request_uri permanent",
            ],
        ),
        Duty::Hsts if is_ingress() => true,
        Duty::Hsts => has(text, &["strict-transport-security", "stsseconds", "hsts"]),
        Duty::ContentPolicy => has(text, &["content-security-policy", "contentsecuritypolicy"]),
        Duty::Frames => has(text, &["x-frame-options", "frame-ancestors", "framedeny"]),
        Duty::Compression => {
            has(
                text,
                &[
                    "gzip on",
                    "brotli on",
                    "use-gzip",
                    "enable-brotli",
                    "encode gzip",
                    "encode zstd",
                    "encode br",
                    "compress=true",
                    "compress={}",
                    "compress: {}",
                    "compress: true",
                    "compress = true",
                    "gzip_types",
                    "mod_deflate",
                    "addoutputfilterbytype",
                ],
            ) || is_caddy && has(text, &["encode"])
        }
    }
}

fn is_done_by_code(duty: Duty, file: &ProjectFile<'_>) -> bool {
    let text: &str = &file.source.text;
    let is_python = file.source.language.family() == Some(Family::Python);
    match duty {
        Duty::Https => false,
        Duty::Hsts => mentions(file, &["Strict", "strict"]) && has(text, &["strict-transport-security"]),
        Duty::ContentPolicy => {
            let words = ["Content", "content", "CSP", "csp", "helmet", "HTTP_CONTENT_SECURITY_POLICY"];
            mentions(file, &words) && has(text, &["content-security-policy", "contentsecuritypolicy"])
        }
        Duty::Frames => mentions(file, &["X", "x", "frame"]) && has(text, &["x-frame-options", "frame-ancestors"]),
        Duty::Compression => {
            is_python && mentions(file, &["GZipMiddleware", "gzip_page", "BrotliMiddleware", "CompressionMiddleware"])
        }
    }
}

/// Returns whether one of some marks, in lower case, stands in a line that is no comment.
fn has(text: &str, marks: &[&str]) -> bool {
    lines(text).any(|line| {
        let line = line.to_ascii_lowercase();
        marks.iter().any(|mark| line.contains(mark))
    })
}

/// Returns the lines of a text without their comments.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(|line| if line.trim_start().starts_with('#') { "" } else { line })
}

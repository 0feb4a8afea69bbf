//! What a command line does: which server, which worker.

use crate::flow::Place;

/// What something comes to run.
#[derive(Debug, Clone, Default)]
pub struct Runs<'p> {
    /// The programs with their arguments, in order; both branches of conditions.
    pub processes: Vec<Process<'p>>,
    /// Whether some of what is run could not be followed: a script that is not in the repository, a task runner.
    pub has_gaps: bool,
    /// Whether one of these is a script, which may do anything.
    pub has_unread_script: bool,
    /// Whether some part of it gives up the rights of the superuser: `gosu`, `su-exec`, `setpriv`.
    pub drops_privileges: bool,
    /// How much was read to know this.
    pub(super) effort: usize,
}

/// A program with its arguments.
#[derive(Debug, Clone)]
pub struct Process<'p> {
    /// The words, launchers taken off: `uv run`, `exec`, `python -m`.
    pub words: Vec<String>,
    /// Where it is written.
    pub place: Place<'p>,
}

/// What a program does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    /// Serves HTTP by WSGI; with the application, where it is named.
    Wsgi(Option<String>),
    /// Serves HTTP and WebSockets by ASGI.
    Asgi,
    /// Serves for a developer: its name, as a message shows it.
    Development(String),
    /// Runs Celery.
    Celery {
        /// Whether it works off tasks.
        is_worker: bool,
        /// Whether it sends tasks on time.
        is_beat: bool,
    },
    /// Anything else.
    Other,
}

impl Runs<'_> {
    /// Returns what the programs do.
    pub fn jobs(&self) -> impl Iterator<Item = Job> {
        self.processes.iter().map(Process::job)
    }

    /// Returns whether one of the programs serves HTTP, and not for a developer.
    pub fn serves(&self) -> bool {
        self.jobs().any(|job| matches!(job, Job::Wsgi(_) | Job::Asgi))
    }
}

impl Process<'_> {
    /// Returns the name of the program, without folders.
    pub fn program(&self) -> &str {
        base(self.words.first().map_or("", String::as_str))
    }

    /// Returns what the program does.
    pub fn job(&self) -> Job {
        let rest = || self.words.iter().skip(1).map(String::as_str);
        let has = |word: &str| rest().any(|it| it == word);
        let first = rest().find(|it| !it.starts_with('-')).unwrap_or("");
        match self.program() {
            "gunicorn" | "gunicorn3" if rest().any(|it| it.contains("uvicorn") || is_asgi(it)) => Job::Asgi,
            "gunicorn" | "gunicorn3" => Job::Wsgi(rest().find(|it| is_application(it)).map(str::to_owned)),
            "uwsgi" | "pyuwsgi" if rest().any(is_asgi) => Job::Asgi,
            "uwsgi" | "pyuwsgi" | "waitress-serve" | "mod_wsgi-express" => {
                let target = rest().find_map(|it| {
                    let it = it.rsplit('=').next().unwrap_or(it);
                    is_application(it).then(|| it.to_owned())
                });
                Job::Wsgi(target)
            }
            "daphne" | "uvicorn" | "hypercorn" => Job::Asgi,
            "granian" if rest().any(|it| it.ends_with("wsgi")) => Job::Wsgi(None),
            "granian" => Job::Asgi,
            "manage.py" | "django-admin" | "django-admin.py" => of_django(first, &self.words),
            "celery" | "celeryd" | "celerybeat" => {
                let joined =
                    |it: &str| it.starts_with('-') && !it.starts_with("--") && it.ends_with('B') && it.len() < 4;
                let has_flag = has("--beat") || rest().any(joined);
                let is_beat = has("beat") || self.program() == "celerybeat" || has_flag;
                Job::Celery { is_worker: has("worker") || has("multi") || self.program() == "celeryd", is_beat }
            }
            program => development(program, first).map_or(Job::Other, Job::Development),
        }
    }

    /// Returns the flag that makes the server watch the files: `--reload`.
    pub fn watches(&self) -> Option<&str> {
        let is_server = matches!(self.program(), "gunicorn" | "uvicorn" | "granian" | "hypercorn" | "fastapi");
        let flag = self.words.iter().find(|it| *it == "--reload" || *it == "--reload=true");
        flag.filter(|_| is_server).map(String::as_str)
    }
}

fn of_django(command: &str, words: &[String]) -> Job {
    match command {
        "runserver" | "runserver_plus" | "livereload" | "devserver" | "runserver_socketio" => {
            Job::Development(format!("manage.py {command}"))
        }
        "run_gunicorn" | "runmodwsgi" | "run_huey_wsgi" => Job::Wsgi(None),
        "celery" | "celeryd" | "celerybeat" => {
            let has = |word: &str| words.iter().any(|it| it == word);
            let is_beat = command == "celerybeat" || has("beat") || has("-B") || has("--beat");
            Job::Celery { is_worker: command == "celeryd" || has("worker"), is_beat }
        }
        _ => Job::Other,
    }
}

/// Returns the development server that a program is.
fn development(program: &str, first: &str) -> Option<String> {
    let shown = || if first.is_empty() { program.to_owned() } else { format!("{program} {first}") };
    let serves = match program {
        "vite" => !matches!(first, "build" | "preview" | "optimize"),
        "next" | "nuxt" | "nuxi" | "astro" | "remix" | "svelte-kit" | "wrangler" => first == "dev",
        "react-router" | "vinxi" => first == "dev",
        "react-scripts" | "craco" | "expo" => first == "start",
        "gatsby" => first == "develop",
        "vue-cli-service" | "ng" | "webpack" => first == "serve",
        "webpack-dev-server" => return Some(program.to_owned()),
        "flask" => first == "run",
        "fastapi" => first == "dev",
        _ => false,
    };
    if serves && program == "vite" && !matches!(first, "dev" | "serve") {
        return Some("vite".to_owned());
    }
    if program == "flask" && serves {
        return Some("flask run".to_owned());
    }
    serves.then(shown)
}

/// Returns the last part of a path.
pub(super) fn base(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

fn is_asgi(word: &str) -> bool {
    word.split(['.', ':', '=']).any(|part| part.contains("asgi")) || word.contains("uvicorn")
}

/// Returns whether a word names an application: `shop.wsgi:application`.
fn is_application(word: &str) -> bool {
    let module = word.split(':').next().unwrap_or(word);
    !word.starts_with('-')
        && !word.contains(['/', '$', '='])
        && (module.ends_with("wsgi")
            || module.ends_with("wsgi.py")
            || word.contains(":application")
            || word.ends_with(":app"))
}

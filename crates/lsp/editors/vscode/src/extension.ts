// The extension: finds `arrears`, runs `arrears server`, and says how it is.

import { execFile } from "node:child_process";
import { accessSync, constants, readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import * as vscode from "vscode";
import { LanguageClient, State, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";

import { find, type Program } from "./find";
import { isCode, markdown } from "./page";

/** What the server looks at; files of the disk only. */
const LANGUAGES = [
  "python",
  "typescript",
  "typescriptreact",
  "javascript",
  "javascriptreact",
  "html",
  "django-html",
  "yaml",
  "dockercompose",
  "github-actions-workflow",
  "toml",
  "json",
  "jsonc",
  "dockerfile",
  "markdown",
  "dotenv",
  "properties",
  "ini",
  "shellscript",
  "makefile",
  "pip-requirements",
];
const SCHEME = "arrears-rule";
const PYTHON = "ms-python.python";

type Status = "starting" | "ready" | "stopped" | "missing";

/** What is used of the Python extension. */
interface PythonApi {
  environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
    resolveEnvironment(
      environment: { path: string },
    ): Promise<{ executable: { uri?: vscode.Uri | undefined } } | undefined>;
    onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

let output: vscode.LogOutputChannel;
let item: vscode.StatusBarItem;
let readme: () => Promise<void>;
let client: LanguageClient | undefined;
let program: Program | undefined;
let hasToldMissing = false;
/** Starts and stops wait for each other. */
let queue: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  output = vscode.window.createOutputChannel("arrears", { log: true });
  item = vscode.window.createStatusBarItem("arrears.status", vscode.StatusBarAlignment.Right, 90);
  item.name = "arrears";
  item.command = "arrears.menu";
  readme = () => openReadme(context.extensionUri);
  context.subscriptions.push(
    output,
    item,
    vscode.commands.registerCommand("arrears.restart", () => {
      hasToldMissing = false;
      return restart();
    }),
    vscode.commands.registerCommand("arrears.showOutput", () => output.show()),
    vscode.commands.registerCommand("arrears.explainRule", explainRule),
    vscode.commands.registerCommand("arrears.menu", menu),
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, { provideTextDocumentContent: page }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("arrears.path") || event.affectsConfiguration("arrears.enable")) {
        hasToldMissing = false;
        void restart();
      }
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(() => {
      if (client === undefined) {
        void restart();
      }
    }),
  );
  const python = await pythonApi();
  const changed = python?.environments?.onDidChangeActiveEnvironmentPath(async () => {
    const found = await search();
    if (found?.file !== program?.file) {
      void restart();
    }
  });
  if (changed) {
    context.subscriptions.push(changed);
  }
  await restart();
}

export async function deactivate(): Promise<void> {
  await queue;
  await stop();
}

function settings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration("arrears");
}

function restart(): Promise<void> {
  queue = queue.then(async () => {
    await stop();
    await start();
  });
  return queue;
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  if (running) {
    try {
      await running.dispose();
    } catch (error) {
      // It did not start, or did not answer any more, and is killed.
      output.debug(`stop: ${String(error)}`);
    }
  }
}

async function start(): Promise<void> {
  if (!settings().get<boolean>("enable", true)) {
    show("stopped", "turned off by `arrears.enable`");
    return;
  }
  program = await search();
  if (!program) {
    show("missing");
    void tellMissing();
    return;
  }
  output.info(`${program.file} (${program.source})`);
  const { file, needsShell } = program;
  const cwd = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const server: ServerOptions = {
    command: needsShell ? `"${file}"` : file,
    args: ["server"],
    options: { shell: needsShell, ...(cwd === undefined ? {} : { cwd }) },
  };
  const options: LanguageClientOptions = {
    documentSelector: LANGUAGES.map((language) => ({ scheme: "file", language })),
    initializationOptions: { preset: settings().get("preset", null), run: settings().get("run", "onType") },
    synchronize: { configurationSection: "arrears" },
    outputChannel: output,
    traceOutputChannel: output,
  };
  const created = new LanguageClient("arrears", "arrears", server, options);
  created.onDidChangeState(({ newState }) => {
    if (created === client) {
      show(newState === State.Running ? "ready" : newState === State.Starting ? "starting" : "stopped");
    }
  });
  client = created;
  try {
    await created.start();
  } catch (error) {
    show("stopped");
    output.error(`${file} server: ${String(error)}`);
    const choice = "Show the output";
    void vscode.window
      .showErrorMessage(`arrears: \`${file} server\` does not start. Is it the newest version?`, choice)
      .then((chosen) => chosen === choice && output.show());
  }
}

async function search(): Promise<Program | undefined> {
  const configured = settings().get<string | string[] | null>("path", null) ?? [];
  const folders = (vscode.workspace.workspaceFolders ?? []).filter((it) => it.uri.scheme === "file");
  return find({
    configured: typeof configured === "string" ? [configured] : configured,
    folders: folders.map((it) => it.uri.fsPath),
    interpreters: await interpreters(folders),
    home: homedir(),
    env: process.env,
    platform: process.platform,
    isProgram(file) {
      try {
        accessSync(file, constants.X_OK);
        return statSync(file).isFile();
      } catch {
        return false;
      }
    },
    subfolders(folder) {
      try {
        return readdirSync(folder, { withFileTypes: true }).filter((it) => it.isDirectory()).map((it) => it.name);
      } catch {
        return [];
      }
    },
  });
}

async function pythonApi(): Promise<PythonApi | undefined> {
  const extension = vscode.extensions.getExtension<PythonApi>(PYTHON);
  try {
    return await extension?.activate();
  } catch (error) {
    output.warn(`${PYTHON}: ${String(error)}`);
    return undefined;
  }
}

/** Returns the interpreters that the Python extension runs, where it is installed. */
async function interpreters(folders: readonly vscode.WorkspaceFolder[]): Promise<string[]> {
  const environments = (await pythonApi())?.environments;
  if (!environments) {
    return [];
  }
  const resolved = folders.map(async ({ uri }) => {
    try {
      const environment = await environments.resolveEnvironment(environments.getActiveEnvironmentPath(uri));
      return environment?.executable.uri?.fsPath;
    } catch (error) {
      output.warn(`${PYTHON}: ${String(error)}`);
      return undefined;
    }
  });
  return (await Promise.all(resolved)).filter((it) => it !== undefined);
}

function show(status: Status, reason?: string): void {
  const looks: Record<Status, [icon: string, tooltip: string]> = {
    starting: ["$(loading~spin)", "starting"],
    ready: ["$(check)", `ready: ${program?.file ?? ""}`],
    stopped: ["$(circle-slash)", reason ?? "stopped"],
    missing: ["$(warning)", "the program is not found"],
  };
  const [icon, tooltip] = looks[status];
  item.text = `${icon} arrears`;
  item.tooltip = `arrears: ${tooltip}`;
  item.accessibilityInformation = { label: item.tooltip };
  item.backgroundColor = status === "missing" ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
  item.show();
}

async function tellMissing(): Promise<void> {
  if (hasToldMissing) {
    return;
  }
  hasToldMissing = true;
  const isConfigured = (settings().get<string | string[] | null>("path", null) ?? []).length > 0;
  const [how, open, off] = ["How to get it", "Settings", "Turn off here"];
  const message = isConfigured
    ? "arrears: nothing that `arrears.path` names exists."
    : "arrears: the program `arrears` is not installed: it is in no virtual environment, not in node_modules and not in PATH.";
  const choice = await vscode.window.showWarningMessage(message, how, open, off);
  if (choice === how) {
    await readme();
  } else if (choice === open) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "arrears.path");
  } else if (choice === off) {
    const hasFolder = vscode.workspace.workspaceFolders !== undefined;
    const target = hasFolder ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
    await settings().update("enable", false, target);
  }
}

/** Shows the section of the README that tells how to get the program; the packager writes its name small. */
async function openReadme(root: vscode.Uri): Promise<void> {
  for (const name of ["README.md", "readme.md"]) {
    const file = vscode.Uri.joinPath(root, name);
    try {
      await vscode.workspace.fs.stat(file);
    } catch {
      continue;
    }
    await vscode.commands.executeCommand("markdown.showPreview", file.with({ fragment: "get-the-program" }));
    return;
  }
}

async function menu(): Promise<void> {
  const choices: (vscode.QuickPickItem & { run: () => unknown })[] = [
    { label: "$(book) Explain the rule under the cursor", run: explainRule },
    { label: "$(debug-restart) Restart the server", run: () => vscode.commands.executeCommand("arrears.restart") },
    { label: "$(output) Show the output", run: () => output.show() },
    {
      label: "$(gear) Settings",
      run: () => vscode.commands.executeCommand("workbench.action.openSettings", "@ext:arrears.arrears"),
    },
  ];
  if (!program) {
    choices.unshift({ label: "$(question) How to get the program", run: readme });
  }
  const title = typeof item.tooltip === "string" ? item.tooltip : "arrears";
  const chosen = await vscode.window.showQuickPick(choices, { title });
  await chosen?.run();
}

/** Shows the page of the rule under the cursor, or of the one that is asked for. */
async function explainRule(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const code = editor && (await codeAt(editor));
  if (code === undefined) {
    return;
  }
  const address = vscode.Uri.from({ scheme: SCHEME, path: `/${code}.md` });
  try {
    await explain(code);
  } catch (error) {
    const link = editor && links(editor).get(code);
    if (link && (await vscode.env.openExternal(link))) {
      return;
    }
    void vscode.window.showErrorMessage(`arrears: ${error instanceof Error ? error.message : String(error)}`);
    return;
  }
  await vscode.commands.executeCommand("markdown.showPreviewToSide", address);
}

/** Returns our findings at the cursor: those that it touches, or those of its line. */
function findings(editor: vscode.TextEditor): vscode.Diagnostic[] {
  const at = editor.selection.active;
  const all = vscode.languages.getDiagnostics(editor.document.uri).filter((it) => it.source === "arrears");
  const touched = all.filter((it) => it.range.contains(at));
  return touched.length > 0 ? touched : all.filter((it) => it.range.start.line <= at.line && at.line <= it.range.end.line);
}

function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === "object" ? code.value : code);
}

function links(editor: vscode.TextEditor): Map<string, vscode.Uri> {
  const linked = findings(editor).flatMap((it) =>
    typeof it.code === "object" ? [[codeOf(it), it.code.target] as const] : [],
  );
  return new Map(linked);
}

async function codeAt(editor: vscode.TextEditor): Promise<string | undefined> {
  const { document, selection } = editor;
  const range = document.getWordRangeAtPosition(selection.active, /[a-z0-9-]+\/[a-z0-9-]+/);
  const word = range && document.getText(range);
  const codes = [...new Set(findings(editor).map(codeOf).filter(isCode))];
  if (codes.length === 0 && word !== undefined && isCode(word)) {
    return word;
  }
  if (codes.length === 0) {
    void vscode.window.showInformationMessage("arrears: there is no finding under the cursor.");
    return undefined;
  }
  return codes.length === 1 ? codes[0] : vscode.window.showQuickPick(codes, { title: "Which rule?" });
}

async function page(uri: vscode.Uri): Promise<string> {
  return markdown(await explain(uri.path.replace(/^\//, "").replace(/\.md$/, "")));
}

/** Returns what `arrears explain` prints; its complaint where it prints nothing. */
function explain(code: string): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!program || !isCode(code)) {
      reject(new Error(program ? `\`${code}\` is no code of a rule` : "the program is not found"));
      return;
    }
    const { file, needsShell } = program;
    const cwd = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    const args = ["--color", "never", "explain", code];
    const options = { timeout: 10_000, shell: needsShell, ...(cwd === undefined ? {} : { cwd }) };
    execFile(needsShell ? `"${file}"` : file, args, options, (error, stdout, stderr) => {
      if (error) {
        reject(new Error(stderr.trim() || error.message));
      } else {
        resolve(stdout);
      }
    });
  });
}

// Looks for the program. Knows nothing of the editor, so that it can be tested.

import * as path from "node:path";

/** Where to look. */
export interface Places {
  /** The setting `arrears.path`. */
  configured: readonly string[];
  /** The folders of the workspace. */
  folders: readonly string[];
  /** The Python interpreters that the workspace runs. */
  interpreters: readonly string[];
  home: string;
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  /** Whether a file is there and may be run. */
  isProgram(file: string): boolean;
  /** The names of the folders in a folder. */
  subfolders(folder: string): readonly string[];
}

export type Source = "setting" | "virtual environment" | "node_modules" | "PATH" | "home";

export interface Program {
  file: string;
  source: Source;
  /** Windows runs its scripts only through a shell. */
  needsShell: boolean;
}

/** Returns the program that is to be run; a setting that names none that exists is not passed over. */
export function find(places: Places): Program | undefined {
  const { platform } = places;
  const { join, dirname, delimiter } = platform === "win32" ? path.win32 : path.posix;
  const names = platform === "win32" ? ["arrears.exe", "arrears.cmd"] : ["arrears"];
  const bin = platform === "win32" ? "Scripts" : "bin";

  const first = (source: Source, files: readonly string[]): Program | undefined => {
    const file = files.find((it) => places.isProgram(it));
    return file === undefined ? undefined : { file, source, needsShell: /\.(cmd|bat)$/i.test(file) };
  };
  const inFolders = (folders: readonly string[]) => folders.flatMap((folder) => names.map((name) => join(folder, name)));

  const configured = places.configured.filter((it) => it !== "");
  if (configured.length > 0) {
    return first("setting", configured.flatMap((it) => expand(it, places)));
  }

  // `backend/.venv` and `frontend/node_modules` are as usual as those at the root.
  const below = (folder: string) =>
    places
      .subfolders(folder)
      .filter((name) => !name.startsWith(".") && name !== "node_modules")
      .map((name) => join(folder, name));
  const projects = [...places.folders, ...places.folders.flatMap(below)];
  const environments = projects.flatMap((it) => [join(it, ".venv", bin), join(it, "venv", bin)]);
  const interpreters = places.interpreters.map((it) => dirname(it));
  const modules = projects.map((it) => join(it, "node_modules", ".bin"));
  const PATH = (places.env["PATH"] ?? places.env["Path"] ?? "").split(delimiter).filter((it) => it !== "");
  // An editor that was not started from a shell does not have them in its PATH.
  const home = [join(places.home, ".cargo", "bin"), join(places.home, ".local", "bin")];

  return (
    first("virtual environment", inFolders([...environments, ...interpreters])) ??
    first("node_modules", inFolders(modules)) ??
    first("PATH", inFolders(PATH)) ??
    first("home", inFolders(home))
  );
}

/** Returns the files that a configured path may mean: one, or one for each folder of the workspace. */
function expand(configured: string, places: Places): string[] {
  const { join, isAbsolute } = places.platform === "win32" ? path.win32 : path.posix;
  const plain = configured
    .replace(/^~(?=[/\\]|$)/, () => places.home)
    .replace(/\$\{userHome\}/g, () => places.home)
    .replace(/\$\{env:([^}]+)\}/g, (_, name: string) => places.env[name] ?? "");
  if (plain.includes("${workspaceFolder}")) {
    return places.folders.map((folder) => plain.replace(/\$\{workspaceFolder\}/g, () => folder));
  }
  return isAbsolute(plain) ? [plain] : places.folders.map((folder) => join(folder, plain));
}

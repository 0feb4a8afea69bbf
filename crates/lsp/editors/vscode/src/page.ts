// The page of a rule.

/** Returns whether a word has the form of a rule's code: it is handed to a program. */
export function isCode(word: string): boolean {
  return /^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/.test(word);
}

/** Makes Markdown of what `arrears explain` prints: headings of its first line and its examples, a link of its last. */
export function markdown(page: string): string {
  const headed = page.trimEnd().replace(/^```(\w+) (bad|good)$/gm, (_, language: string, kind: string) => {
    return `\n${kind === "bad" ? "Bad" : "Good"}:\n\n\`\`\`${language}`;
  });
  const lines = headed.split(/\r?\n/);
  const first = /^([a-z0-9-]+\/[a-z0-9-]+): (.*)$/.exec(lines[0] ?? "");
  if (first) {
    lines.splice(0, 1, `# ${first[1]}`, "", `**${first[2]}**`, "");
  }
  const last = lines.length - 1;
  const address = lines[last];
  if (address !== undefined && /^https:\/\/\S+$/.test(address)) {
    lines.splice(last, 1, "", `<${address}>`);
  }
  return lines.join("\n") + "\n";
}

/** LSP snippets: text with numbered places to fill in, `${1:…}`, and `$0` where the cursor ends. */

/** A place to fill in. */
export function tabStop(number: number, text: string): string {
  return `\${${number}:${escapeSnippet(text)}}`;
}

/** Text that stands for itself in a snippet. */
export function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

/** What a snippet is for clients without snippets: `${1:0}` is `0`, `$0` is nothing. */
export function withoutPlaceholders(snippet: string): string {
  return snippet
    .replace(/(?<!\\)\$\{\d+:((?:[^}\\]|\\.)*)\}/g, '$1')
    .replace(/(?<!\\)\$(?:\d+|\{\d+\})/g, '')
    .replace(/\\([\\$}])/g, '$1');
}

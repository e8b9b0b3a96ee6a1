/** The pages that webview/pages/ builds. */
export type PageName = 'scan' | 'trace' | 'fingerprint' | 'values';

export interface PageParts {
  readonly page: PageName;
  /** Name of the page for screen readers. */
  readonly title: string;
  readonly cspSource: string;
  /** Unguessable and new for every page. */
  readonly nonce: string;
  readonly script: string;
  readonly styles: readonly string[];
}

/** The toolkit's base library makes one style element and leaves it empty; this is the hash of nothing. */
const emptyStyle = `'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='`;

/** Only our own script and style files, no connection, no frame, no inline code. */
export function contentSecurityPolicy(cspSource: string, nonce: string): string {
  return [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} ${emptyStyle}`,
    `font-src ${cspSource}`,
  ].join('; ');
}

function attribute(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The document of a page. It holds nothing of a meter: all of that comes by messages. */
export function pageHtml({ page, title, cspSource, nonce, script, styles }: PageParts): string {
  const links = styles.map((style) => `<link rel="stylesheet" href="${attribute(style)}">`).join('\n  ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta http-equiv="Content-Security-Policy" content="${attribute(contentSecurityPolicy(cspSource, nonce))}">
  <title>${attribute(title)}</title>
  ${links}
</head>
<body data-page="${page}">
  <script nonce="${attribute(nonce)}" src="${attribute(script)}"></script>
</body>
</html>
`;
}

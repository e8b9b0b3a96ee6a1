import { type CodeAction, CodeActionKind, type Diagnostic, type Range } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Finding } from '../../engine/template/findings/finding.ts';
import { rangeOf, touches } from './positions.ts';

/** One action for each suggestion of the findings in a range. */
export function quickFixes(
  document: TextDocument,
  findings: readonly Finding[],
  range: Range,
  diagnostics: readonly Diagnostic[],
): CodeAction[] {
  const asked = { from: document.offsetAt(range.start), to: document.offsetAt(range.end) };
  return findings
    .filter((finding) => touches(finding.range, asked))
    .flatMap((finding) => {
      const suggestions = finding.suggestions ?? [];
      return suggestions.map((suggestion): CodeAction => {
        const edited = editRange(document, finding, suggestion);
        const solves = diagnostics.filter(
          (item) => item.code === finding.code && document.offsetAt(item.range.start) === finding.range.from,
        );
        return {
          title: titleOf(document, finding, suggestion),
          kind: CodeActionKind.QuickFix,
          edit: { changes: { [document.uri]: [{ range: edited, newText: suggestion }] } },
          ...(solves.length === 0 ? {} : { diagnostics: solves }),
          // With several to choose from the author decides.
          ...(suggestions.length === 1 ? { isPreferred: true } : {}),
        };
      });
    });
}

/**
 * What a suggestion replaces: the range of the finding. A word that is taken away takes the blanks behind it with it; one
 * that ends in a blank, such as a data type and its `=`, is put before what is there.
 */
function editRange(document: TextDocument, finding: Finding, suggestion: string): Range {
  if (isPutBefore(suggestion)) return rangeOf(document, { from: finding.range.from, to: finding.range.from });
  if (suggestion !== '') return rangeOf(document, finding.range);
  const blanks = /^[ \t]*/.exec(document.getText().slice(finding.range.to, finding.range.to + 80))?.[0].length ?? 0;
  return rangeOf(document, { from: finding.range.from, to: finding.range.to + blanks });
}

function isPutBefore(suggestion: string): boolean {
  return suggestion.endsWith(' ');
}

function titleOf(document: TextDocument, finding: Finding, suggestion: string): string {
  const written = document.getText(rangeOf(document, finding.range)).replace(/\s+/g, ' ');
  const shown = written.length > 30 ? `${written.slice(0, 29)}…` : written;
  if (suggestion === '') return `Remove '${shown}'`;
  if (isPutBefore(suggestion)) return `Put '${suggestion.trim()}' before '${shown}'`;
  return shown === '' ? `Insert '${suggestion}'` : `Change '${shown}' to '${suggestion}'`;
}

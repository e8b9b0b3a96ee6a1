import { type Diagnostic, type DiagnosticRelatedInformation, DiagnosticSeverity } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Finding, RelatedPlace, Severity } from '../../engine/template/findings/finding.ts';
import type { Texts } from '../workspace/texts.ts';
import type { ClientAbilities } from './abilities.ts';
import { locationOf, rangeOf } from './positions.ts';

/** Shown as the origin of every diagnostic. */
export const SOURCE = 'dlms';
/** Most diagnostics of one document; editors cannot show more, and people cannot read them. */
export const MAX_DIAGNOSTICS = 1000;

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Findings of one file as diagnostics. */
export function diagnosticsOf(
  document: TextDocument,
  findings: readonly Finding[],
  texts: Texts,
  client: ClientAbilities,
): Diagnostic[] {
  return findings.slice(0, MAX_DIAGNOSTICS).map((finding) => diagnosticOf(document, finding, texts, client));
}

function diagnosticOf(document: TextDocument, finding: Finding, texts: Texts, client: ClientAbilities): Diagnostic {
  const related = client.relatedInformation ? relatedInformation(finding.related ?? [], texts) : [];
  const href = client.documentation === undefined ? undefined : `${client.documentation}#${finding.code.toLowerCase()}`;
  return {
    range: rangeOf(document, finding.range),
    severity: SEVERITIES[finding.severity],
    code: finding.code,
    source: SOURCE,
    message: finding.hint === undefined ? finding.message : `${finding.message}\n${finding.hint}`,
    ...(href === undefined ? {} : { codeDescription: { href } }),
    ...(related.length === 0 ? {} : { relatedInformation: related }),
  };
}

function relatedInformation(places: readonly RelatedPlace[], texts: Texts): DiagnosticRelatedInformation[] {
  return places.flatMap((place) => {
    const location = locationOf(texts, place.file, place.range);
    return location === undefined ? [] : [{ location, message: place.message }];
  });
}

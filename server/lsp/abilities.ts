import type { InitializeParams } from 'vscode-languageserver/node';
import type { InitializationOptions } from '../protocol.ts';

/** What the client can show and do, as far as it changes answers. */
export interface ClientAbilities {
  /** Asks for diagnostics itself; otherwise they are pushed. */
  readonly pullDiagnostics: boolean;
  readonly refreshDiagnostics: boolean;
  readonly relatedInformation: boolean;
  readonly snippets: boolean;
  readonly labelDetails: boolean;
  readonly hierarchicalSymbols: boolean;
  readonly watchFiles: boolean;
  /** Most folding ranges the client takes. */
  readonly foldingLimit: number;
  /** Address of the page that describes finding codes; `undefined` if the client did not name one or shows no links. */
  readonly documentation: string | undefined;
  /** Command that asks for suggestions again after one was taken. */
  readonly suggestCommand: string | undefined;
}

/** A client that has said nothing yet. */
export const noAbilities: ClientAbilities = abilitiesOf({ processId: null, rootUri: null, capabilities: {} });

/** Reads the client's capabilities; what it does not say it cannot do. */
export function abilitiesOf(params: InitializeParams): ClientAbilities {
  const { textDocument, workspace } = params.capabilities;
  const options = optionsOf(params.initializationOptions);
  const diagnostics = textDocument?.diagnostic ?? textDocument?.publishDiagnostics;
  return {
    pullDiagnostics: textDocument?.diagnostic !== undefined,
    refreshDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    relatedInformation:
      diagnostics?.relatedInformation ?? textDocument?.publishDiagnostics?.relatedInformation ?? false,
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    labelDetails: textDocument?.completion?.completionItem?.labelDetailsSupport === true,
    hierarchicalSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    foldingLimit: textDocument?.foldingRange?.rangeLimit ?? Number.POSITIVE_INFINITY,
    watchFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    documentation: options.documentation,
    suggestCommand: options.suggestCommand,
  };
}

/** Options come from outside: only what has the right type is taken. */
function optionsOf(value: unknown): InitializationOptions {
  if (typeof value !== 'object' || value === null) return {};
  const text = (name: keyof InitializationOptions): string | undefined => {
    const found: unknown = Reflect.get(value, name);
    return typeof found === 'string' && found !== '' ? found : undefined;
  };
  const [documentation, suggestCommand] = [text('documentation'), text('suggestCommand')];
  return {
    ...(documentation === undefined ? {} : { documentation }),
    ...(suggestCommand === undefined ? {} : { suggestCommand }),
  };
}

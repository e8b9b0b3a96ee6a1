/**
 * What the language server and its client say to each other beyond the Language Server Protocol.
 * Types and method names only, so that both sides can import it without pulling the other's libraries in.
 */

/** Zero-based line and UTF-16 character, as in LSP. */
export interface TemplatePosition {
  readonly line: number;
  readonly character: number;
}

export interface TemplateRange {
  readonly start: TemplatePosition;
  readonly end: TemplatePosition;
}

/** A `meter` or `fleet` block of a `.dlmsmeter` document, for code lenses and for the choice of what to start. */
export interface TemplateBlock {
  readonly kind: 'meter' | 'fleet';
  /** The name as the engine's `emulator/start` takes it, without quotes. */
  readonly name: string;
  /** The block's head, from its keyword to the end of its name. */
  readonly range: TemplateRange;
  /** True for `abstract meter`: it is there to be extended and cannot be started. */
  readonly abstract: boolean;
  /** Number of meters of a fleet; absent for a meter, and for a fleet whose count is not a plain number. */
  readonly count?: number;
}

export interface TemplatesParams {
  /** URI of an open document. */
  readonly uri: string;
}

/** In the order of the text; empty for a document that is not open or not a template. */
export type TemplatesResult = readonly TemplateBlock[];

/** Request from client to server: `TemplatesParams` -> `TemplatesResult`. Answers from the last parse, also of text with errors. */
export const templatesMethod = 'dlms/templates';

/** What a client may say in `initializationOptions`. All of it is optional. */
export interface InitializationOptions {
  /** URI of the page that describes the finding codes, without fragment; diagnostics then link to `#dlms-101` in it. */
  readonly documentation?: string;
  /** Command the editor runs after a suggestion that wants another one behind it, e.g. `editor.action.triggerSuggest`. */
  readonly suggestCommand?: string;
}

import type * as vscode from 'vscode';
import type { Engine } from './engine/engine.ts';
import type { LanguageService } from './language/language-service.ts';
import type { Emulators } from './model/emulators.ts';
import type { Listeners } from './model/listeners.ts';
import type { Memory } from './model/memory.ts';
import type { Readings } from './model/readings.ts';
import type { Scans } from './model/scans.ts';
import type { Traces } from './model/traces.ts';
import type { Panels } from './panels/panels.ts';
import type { Vault } from './secrets/vault.ts';

/** What commands, views and panels share. Made once at activation; nothing in it has started a process yet. */
export interface Workbench {
  readonly log: vscode.LogOutputChannel;
  readonly engine: Engine;
  readonly language: LanguageService;
  readonly vault: Vault;
  readonly memory: Memory;
  readonly emulators: Emulators;
  readonly scans: Scans;
  readonly listeners: Listeners;
  readonly traces: Traces;
  readonly readings: Readings;
  readonly panels: Panels;
}

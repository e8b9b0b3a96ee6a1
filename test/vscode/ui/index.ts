import { cancel } from './cancel.ts';
import { capture } from './capture.ts';
import { ciphered } from './ciphered.ts';
import { decode } from './decode.ts';
import { editing } from './editing.ts';
import { emulator } from './emulator.ts';
import { installed } from './installed.ts';
import { language } from './language.ts';
import { pushes } from './pushes.ts';
import { read } from './read.ts';
import { reload } from './reload.ts';
import { restricted, restrictedKeys } from './restricted.ts';
import { scan } from './scan.ts';
import type { Story } from './step.ts';
import { stop } from './stop.ts';
import { themed } from './themes.ts';
import { unlock } from './unlock.ts';

/** What the UI run plays, in this order, in one window. */
export const stories: readonly Story[] = [
  language,
  editing,
  emulator,
  scan,
  read,
  themed,
  ciphered,
  unlock,
  capture,
  pushes,
  cancel,
  decode,
  stop,
  reload,
  installed,
];

/** Played in a second window, in Restricted Mode, with these keybindings. */
export const restrictedWindow = { stories: [restricted], keybindings: restrictedKeys };

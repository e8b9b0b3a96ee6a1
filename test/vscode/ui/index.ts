import { cancel } from './cancel.ts';
import { ciphered } from './ciphered.ts';
import { decode } from './decode.ts';
import { editing } from './editing.ts';
import { emulator } from './emulator.ts';
import { installed } from './installed.ts';
import { language } from './language.ts';
import { read } from './read.ts';
import { reload } from './reload.ts';
import { scan } from './scan.ts';
import type { Story } from './step.ts';
import { stop } from './stop.ts';
import { themed } from './themes.ts';

/** What the UI run plays, in this order, in one window. */
export const stories: readonly Story[] = [
  language,
  editing,
  emulator,
  scan,
  read,
  themed,
  ciphered,
  cancel,
  decode,
  stop,
  reload,
  installed,
];

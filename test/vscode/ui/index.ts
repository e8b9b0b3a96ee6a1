import { installed } from './installed.ts';
import { language } from './language.ts';
import type { Story } from './step.ts';

/** What the UI run plays, in this order, in one window. */
export const stories: readonly Story[] = [language, installed];

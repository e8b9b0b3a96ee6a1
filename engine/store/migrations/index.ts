import type { Migration } from 'kysely';
import * as m001 from './001-scans-and-meters.ts';

/** Migrations in order. A landed migration is never edited: the next change is the next number. */
export const migrations: Readonly<Record<string, Migration>> = {
  '001-scans-and-meters': m001,
};

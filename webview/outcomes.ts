import type { OutcomeName } from './messages.ts';

/** How an outcome looks: never by colour alone. */
export interface OutcomeLook {
  readonly icon: string;
  readonly tone: 'good' | 'warn' | 'bad' | 'muted';
  readonly title: string;
}

export const outcomeLooks: Readonly<Record<OutcomeName, OutcomeLook>> = {
  identified: { icon: 'pass-filled', tone: 'good', title: 'identified' },
  associated: { icon: 'pass', tone: 'good', title: 'associated' },
  'speaks-dlms': { icon: 'comment-discussion', tone: 'warn', title: 'speaks DLMS' },
  open: { icon: 'circle-outline', tone: 'warn', title: 'port open' },
  closed: { icon: 'circle-slash', tone: 'muted', title: 'port closed' },
  unreachable: { icon: 'debug-disconnect', tone: 'muted', title: 'unreachable' },
  'not-dlms': { icon: 'question', tone: 'muted', title: 'not DLMS' },
  error: { icon: 'error', tone: 'bad', title: 'error' },
  cancelled: { icon: 'stop-circle', tone: 'muted', title: 'cancelled' },
};

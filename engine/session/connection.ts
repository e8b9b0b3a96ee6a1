import type { AuthenticationName } from './authentication.ts';
import type { Protection, Suite } from './params.ts';

/** How to reach and to address a meter, and as whom. Plain values: the RPC contract and the command line have the same. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly transport?: 'tcp' | 'udp';
  readonly framing: 'wrapper' | 'hdlc';
  readonly referencing: 'LN' | 'SN';
  /** Client SAP. */
  readonly client: number;
  /** Server SAP: wPort, or upper HDLC address. */
  readonly server: number;
  /** HDLC only; default 1 octet without a lower address. */
  readonly hdlc?: { readonly addressBytes: 1 | 2 | 4; readonly lower: number };
  readonly authentication: AuthenticationName;
  readonly security: Protection;
  readonly suite: Suite;
  /** `password`, `guek`, `gak`, `systemTitle` as `hex:...` or `text:...`. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Milliseconds an answer may take; default 5000. */
  readonly timeoutMs?: number;
  /** Least invocation counter to send first; default: the meter's counter object, read by the public client, or 1. */
  readonly invocationCounter?: number;
  /** Protect services with a dedicated key of this association (GB 9.2.7.2.3). */
  readonly dedicatedKey?: boolean;
}

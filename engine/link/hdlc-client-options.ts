import type { HdlcServerAddress } from '../codec/hdlc/address.ts';
import type { HdlcParameters } from '../codec/hdlc/parameters.ts';

/** How an HDLC client reaches its server, and how patient it is. Times in milliseconds. */
export interface HdlcClientOptions {
  /** Client SAP, 0..127. */
  readonly client: number;
  readonly server: HdlcServerAddress;
  /** Width of the server address; by default the narrowest that carries it. Some meters answer to one width (Q17). */
  readonly addressBytes?: 1 | 2 | 4;
  /** Proposal of the SNRM; absent ones have the defaults 128 octets and window 1. */
  readonly parameters?: HdlcParameters;
  /** Whether the SNRM carries the proposal: by default only when something differs from the defaults (Q18: `always`). */
  readonly sendParameters?: 'when-needed' | 'always' | 'never';
  /** Send DISC before the SNRM, for meters that keep an old connection (Q20). Default false. */
  readonly disconnectFirst?: boolean;
  /** How long to wait for an answer before the command is repeated or RR is sent, ms. Default 5000. */
  readonly responseTimeout?: number;
  /** Time one octet takes on a serial line, ms: what is sent has to leave before an answer can come. Default 0. */
  readonly octetTime?: number;
  /** Repetitions before the server counts as gone. Default 2. */
  readonly retries?: number;
  /** Pause after which the rest of a frame is no longer waited for, ms (class 23 attribute 6). Default 2000. */
  readonly interOctetTimeout?: number;
  /** Pause between RR polls while the server says that it has no answer yet, ms. Default 200. */
  readonly pollInterval?: number;
  /** Largest APDU accepted, octets. Default 1 MiB. */
  readonly maxApdu?: number;
}

type TimedOption = 'responseTimeout' | 'octetTime' | 'retries' | 'interOctetTimeout' | 'pollInterval';

export const HDLC_CLIENT_DEFAULTS: Required<Pick<HdlcClientOptions, TimedOption>> = {
  responseTimeout: 5000,
  octetTime: 0,
  retries: 2,
  interOctetTimeout: 2000,
  pollInterval: 200,
};

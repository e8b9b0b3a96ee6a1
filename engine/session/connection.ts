import type { HdlcParameters } from '../codec/hdlc/parameters.ts';
import type { ModeEOptions } from '../link/mode-e-opening.ts';
import type { AuthenticationName } from './authentication.ts';
import type { GatewayAddress } from './gateway.ts';
import type { ContentKeyKind, Protection, Suite } from './params.ts';

/** How to reach and to address a meter, and as whom. Plain values: the RPC contract and the command line have the same. */
export interface Connection {
  /** Name or address; with `transport: 'serial'` the path of the port, e.g. `/dev/ttyUSB0` or `COM3`. */
  readonly host: string;
  /** 0 with `transport: 'serial'`. */
  readonly port: number;
  /** Default `tcp`. */
  readonly transport?: 'tcp' | 'udp' | 'serial';
  /** Serial line only: speed in bit/s, default 9600, and character format, default `8N1`. */
  readonly serial?: { readonly speed?: number; readonly format?: string };
  /** HDLC only: the meter wants the IEC 62056-21 mode E opening first, on a serial line or behind a serial server. */
  readonly modeE?: ModeEOptions;
  /** The meter is behind a gateway. */
  readonly gateway?: GatewayAddress;
  readonly framing: 'wrapper' | 'hdlc';
  readonly referencing: 'LN' | 'SN';
  /** Client SAP. */
  readonly client: number;
  /** Server SAP: wPort, or upper HDLC address. */
  readonly server: number;
  /** HDLC only; default 1 octet without a lower address. */
  readonly hdlc?: {
    readonly addressBytes: 1 | 2 | 4;
    readonly lower: number;
    /** Proposal of the SNRM; default the largest information fields the line is fit for, and windows of 1. */
    readonly parameters?: HdlcParameters;
  };
  readonly authentication: AuthenticationName;
  readonly security: Protection;
  readonly suite: Suite;
  /** By the names of `SECRET_NAMES`, e.g. `password`, `guek`, `gak`, as `hex:...` or `text:...`. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Largest APDU to take, octets; default as much as the transport is fit for. */
  readonly maxPdu?: number;
  /** Milliseconds an answer may take; default 5000. */
  readonly timeoutMs?: number;
  /** Least invocation counter to send first; default: the meter's counter object, read by the public client, or 1. */
  readonly invocationCounter?: number;
  /**
   * OBIS code of that counter object; default 0-0:43.1.0.255. Meters with a counter for each client have others, such as
   * 0-0:43.1.2.255 or 0-1:43.1.1.255 (quirks Q43, Q44).
   */
  readonly counterObject?: string;
  /** Protect services with a dedicated key of this association (GB 9.2.7.2.3). */
  readonly dedicatedKey?: boolean;
  /** Protect by general-ciphering with this kind of key; needs `security`. */
  readonly contentKey?: ContentKeyKind;
  /** System title of the meter in hex: agreed keys are made with it before its AARE tells it. */
  readonly serverTitle?: string;
  /** Sign services before they are ciphered; needs `security` and suite 1 or 2. */
  readonly signed?: boolean;
  /**
   * Conformance bits to propose beside the usual ones: `access`, `general-block-transfer`, `general-protection`. A
   * meter that has general block transfer uses it in place of the blocks of the services.
   */
  readonly propose?: readonly string[];
}

import type { Data } from '../codec/axdr/data.ts';
import type { HdlcLinkParameters } from '../codec/hdlc/parameters.ts';
import type { ActionOutcome, AttributeWithSelection, GetDataResult, SelectiveAccess } from '../codec/xdlms/types.ts';
import type { ObjectListEntry } from '../cosem/object-list.ts';
import type { Channel } from './channel.ts';
import type { ClientSession, Negotiated } from './client-session.ts';
import { SessionError } from './errors.ts';
import { RELEASE_TIMEOUT_MS } from './limits.ts';
import { getAttribute, getList } from './ln-get.ts';
import { invokeMethod } from './ln-invoke.ts';
import { setAttribute } from './ln-set.ts';
import { readListedObjects } from './object-list.ts';
import { release } from './release.ts';
import { holdsSecret } from './secret-attributes.ts';
import { attributeName, readName, readNames, writeName } from './sn-read.ts';

/** One attribute of one object. `baseName` is found by the object list when it is left out with SN referencing. */
export interface AttributeAddress {
  readonly class: number;
  readonly obis: string;
  readonly index: number;
  readonly baseName?: number;
}

/** LN: object list of the current association, class 15 attribute 2 (BB 4.4.4). */
export const LN_OBJECT_LIST: AttributeAddress = { class: 15, obis: '0-0:40.0.0.255', index: 2 };
/** SN: object list of the association, FA00 attribute 2 (BB 4.4.3). */
export const SN_OBJECT_LIST: AttributeAddress = { class: 12, obis: '0-0:40.0.0.255', index: 2, baseName: 0xfa00 };

/** An open association on a connection: services as promises. One at a time. */
export class Association {
  readonly #channel: Channel;
  readonly #session: ClientSession;
  #objects: readonly ObjectListEntry[] | undefined;

  constructor(channel: Channel, session: ClientSession) {
    this.#channel = channel;
    this.#session = session;
  }

  get negotiated(): Negotiated {
    return this.#session.requireAssociation();
  }

  /** HDLC parameters of the link; undefined over the wrapper. */
  get hdlcParameters(): HdlcLinkParameters | undefined {
    return this.#channel.parameters;
  }

  get referencing(): 'LN' | 'SN' {
    return this.#session.params.referencing;
  }

  /** Reads one attribute: its data, or the data-access-result of the refusal. Throws SessionError when the session fails. */
  async get(address: AttributeAddress, selection: SelectiveAccess | null = null): Promise<GetDataResult> {
    if (this.referencing === 'LN')
      return this.#channel.run(getAttribute(this.#session, descriptor(address), selection));
    const base = await this.#baseName(address);
    return this.#channel.run(
      readName(this.#session, attributeName(base, address.index), selection, holdsSecret(address)),
    );
  }

  /** Reads several attributes in one exchange where the meter can (multiple references), otherwise one by one. */
  async getMany(addresses: readonly AttributeAddress[]): Promise<readonly GetDataResult[]> {
    if (addresses.length > 1 && this.negotiated.conformance.has('multiple-references')) {
      if (this.referencing === 'LN')
        return this.#channel.run(
          getList(
            this.#session,
            addresses.map((address): AttributeWithSelection => ({ ...descriptor(address), selective: null })),
          ),
        );
      const names: number[] = [];
      for (const address of addresses) names.push(attributeName(await this.#baseName(address), address.index));
      return this.#channel.run(readNames(this.#session, names));
    }
    const results: GetDataResult[] = [];
    for (const address of addresses) results.push(await this.get(address));
    return results;
  }

  /** Writes one attribute. Returns `success` or the data-access-result. */
  async set(address: AttributeAddress, data: Data): Promise<string> {
    if (this.referencing === 'LN') return this.#channel.run(setAttribute(this.#session, descriptor(address), data));
    return this.#channel.run(
      writeName(this.#session, attributeName(await this.#baseName(address), address.index), data),
    );
  }

  /** Invokes a method (LN). */
  async action(method: AttributeAddress, params: Data | null): Promise<ActionOutcome> {
    if (this.referencing === 'SN')
      throw new SessionError('not-supported', 'methods with SN referencing are called by writing their short name');
    return this.#channel.run(invokeMethod(this.#session, descriptor(method), params));
  }

  /** Objects of the association with access rights as far as the meter lists them. Read once. */
  async objectList(): Promise<readonly ObjectListEntry[]> {
    if (this.#objects !== undefined) return this.#objects;
    const address = this.referencing === 'LN' ? LN_OBJECT_LIST : SN_OBJECT_LIST;
    const result = await this.get(address);
    if ('result' in result)
      throw new SessionError('service-error', `the object list is refused with ${result.result}`, {
        diagnostic: result.result,
      });
    const reading = readListedObjects(result.data, this.referencing);
    if (reading === undefined)
      throw new SessionError('unexpected-apdu', `the object list is no array but ${result.data.t}`);
    this.#objects = reading.entries;
    return this.#objects;
  }

  /** Releases the association, the link and the connection. Never rejects. */
  async release(timeoutMs = RELEASE_TIMEOUT_MS): Promise<void> {
    try {
      await this.#channel.run(release(this.#session), timeoutMs);
    } catch {
      // Silence and a closed connection after RLRQ end the association just as well (quirk Q47).
    }
    await this.#channel.close(timeoutMs);
  }

  async #baseName(address: AttributeAddress): Promise<number> {
    if (address.baseName !== undefined) return address.baseName;
    const found = (await this.objectList()).find(
      (object) => object.logicalName === address.obis && object.classId === address.class,
    );
    if (found?.baseName !== undefined) return found.baseName;
    throw new SessionError('object-unknown', `${address.obis} is not in the object list of the meter`, {
      next: 'read the object list',
    });
  }
}

function descriptor(address: AttributeAddress): { class: number; obis: string; index: number } {
  return { class: address.class, obis: address.obis, index: address.index };
}

import type { Data } from '../codec/axdr/data.ts';
import type { HdlcLinkParameters } from '../codec/hdlc/parameters.ts';
import type { ActionOutcome, GetDataResult, SelectiveAccess } from '../codec/xdlms/types.ts';
import { nearestClass } from '../cosem/classes.ts';
import type { ObjectListEntry } from '../cosem/object-list.ts';
import { type AccessItem, type AccessOptions, type AccessResult, access } from './access.ts';
import type { Channel } from './channel.ts';
import type { ClientSession, Negotiated } from './client-session.ts';
import { SessionError, saysNoService } from './errors.ts';
import { RELEASE_TIMEOUT_MS } from './limits.ts';
import { getAttribute, getList } from './ln-get.ts';
import { type InvokeItem, invokeList, invokeMethod, invokeUnconfirmed } from './ln-invoke.ts';
import { setAttribute, setList, setUnconfirmed } from './ln-set.ts';
import { readListedObjects } from './object-list.ts';
import type { Procedure } from './procedure.ts';
import { type ProfileOptions, type ProfileSelection, readProfile } from './profile.ts';
import type { ProfileRow } from './profile-rows.ts';
import { release } from './release.ts';
import { type RequestControl, RequestRunner } from './request-runner.ts';
import { holdsSecret } from './secret-attributes.ts';
import { attributeName, callMethod, readName, readNames } from './sn-read.ts';
import { writeName, writeNames, writeNamesUnconfirmed } from './sn-write.ts';

/** One attribute of one object. `baseName` is found by the object list when it is left out with SN referencing. */
export interface AttributeAddress {
  readonly class: number;
  readonly obis: string;
  readonly index: number;
  readonly baseName?: number;
}

/** One attribute of a request for several. */
export interface AttributeToGet extends AttributeAddress {
  readonly selective?: SelectiveAccess | null;
}

/** One attribute of a request that writes several. */
export interface AttributeToSet extends AttributeToGet {
  readonly data: Data;
}

/** How a method is invoked. */
export interface ActionControl extends RequestControl {
  /** SN: the method returns data, so it is called by a Read with parameterized access instead of a Write. */
  readonly returnsData?: boolean;
}

/** Asks for a service without confirmation: nothing comes back, whatever the meter makes of it. */
export interface Unconfirmed {
  readonly confirmed: false;
}

/** LN: object list of the current association, class 15 attribute 2 (BB 4.4.4). */
export const LN_OBJECT_LIST: AttributeAddress = { class: 15, obis: '0-0:40.0.0.255', index: 2 };
/** SN: object list of the association, FA00 attribute 2 (BB 4.4.3). */
export const SN_OBJECT_LIST: AttributeAddress = { class: 12, obis: '0-0:40.0.0.255', index: 2, baseName: 0xfa00 };
const NULL_DATA: Data = { t: 'null-data' };
const SHORT_NAME_MASK = 0xffff;

/**
 * An open association on a connection: services as promises. Requests made at the same time are served one after the
 * other. Methods reject with SessionError when the session fails; what the meter refuses is a result.
 */
export class Association {
  readonly #channel: Channel;
  readonly #session: ClientSession;
  readonly #runner: RequestRunner;
  #objects: readonly ObjectListEntry[] | undefined;
  /** The meter negotiated multiple references and does not have them (quirk Q50). */
  #refusesLists = false;

  constructor(channel: Channel, session: ClientSession) {
    this.#channel = channel;
    this.#session = session;
    this.#runner = new RequestRunner(channel);
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

  /** Reads one attribute: its data, or the data-access-result of the refusal. */
  async get(
    address: AttributeAddress,
    selection: SelectiveAccess | null = null,
    control: RequestControl = {},
  ): Promise<GetDataResult> {
    if (this.referencing === 'LN')
      return this.#runner.run(() => getAttribute(this.#session, descriptor(address), selection), control);
    const name = attributeName(await this.#baseName(address, control), address.index);
    return this.#runner.run(() => readName(this.#session, name, selection, holdsSecret(address)), control);
  }

  /** Reads several attributes in one exchange where the meter can (multiple references), otherwise one by one. */
  async getMany(addresses: readonly AttributeToGet[], control: RequestControl = {}): Promise<readonly GetDataResult[]> {
    if (addresses.length > 1 && !this.#refusesLists && this.negotiated.conformance.has('multiple-references')) {
      try {
        return await this.#getList(addresses, control);
      } catch (error) {
        if (!saysNoService(error)) throw error;
        this.#refusesLists = true;
      }
    }
    const results: GetDataResult[] = [];
    for (const address of addresses) results.push(await this.get(address, address.selective, control));
    return results;
  }

  async #getList(addresses: readonly AttributeToGet[], control: RequestControl): Promise<readonly GetDataResult[]> {
    if (this.referencing === 'LN') {
      const list = addresses.map((address) => ({ ...descriptor(address), selective: address.selective ?? null }));
      return this.#runner.run(() => getList(this.#session, list), control);
    }
    const names = await this.#names(addresses, control);
    return this.#runner.run(() => readNames(this.#session, names, addresses.some(holdsSecret)), control);
  }

  /**
   * Writes one attribute. Returns `success` or the data-access-result; undefined as soon as it is on its way with
   * `confirmed: false`, which is an unconfirmed SET, or UnconfirmedWrite with SN referencing.
   */
  async set(
    address: AttributeAddress,
    data: Data,
    selection: SelectiveAccess | null,
    control: RequestControl & Unconfirmed,
  ): Promise<undefined>;
  async set(
    address: AttributeAddress,
    data: Data,
    selection?: SelectiveAccess | null,
    control?: RequestControl,
  ): Promise<string>;
  async set(
    address: AttributeAddress,
    data: Data,
    selection: SelectiveAccess | null = null,
    control: RequestControl & Partial<Unconfirmed> = {},
  ): Promise<string | undefined> {
    if (control.confirmed === false) {
      await this.setUnconfirmed([{ ...address, data, selective: selection }], control);
      return undefined;
    }
    if (this.referencing === 'LN')
      return this.#runner.run(() => setAttribute(this.#session, descriptor(address), data, selection), control);
    return (await this.#writeMany([{ ...address, data, selective: selection }], control))[0]!;
  }

  /** Writes several attributes in one exchange where the meter can, otherwise one by one: one result each, in order. */
  async setMany(items: readonly AttributeToSet[], control: RequestControl = {}): Promise<readonly string[]> {
    if (items.length <= 1 || !this.negotiated.conformance.has('multiple-references')) {
      const results: string[] = [];
      for (const item of items) results.push(await this.set(item, item.data, item.selective, control));
      return results;
    }
    if (this.referencing === 'SN') return this.#writeMany(items, control);
    const list = items.map((item) => ({ ...descriptor(item), selective: item.selective ?? null, data: item.data }));
    return this.#runner.run(() => setList(this.#session, list), control);
  }

  /**
   * Invokes a method. With SN referencing it is called by writing its short name, or, with `returnsData`, by a Read
   * with parameterized access (wire.md 11). With `confirmed: false` undefined, as soon as it is on its way.
   */
  async action(
    method: AttributeAddress,
    params: Data | null,
    control: RequestControl & Unconfirmed,
  ): Promise<undefined>;
  async action(method: AttributeAddress, params: Data | null, control?: ActionControl): Promise<ActionOutcome>;
  async action(
    method: AttributeAddress,
    params: Data | null,
    control: ActionControl & Partial<Unconfirmed> = {},
  ): Promise<ActionOutcome | undefined> {
    if (control.confirmed === false) {
      await this.#actionUnconfirmed(method, params, control);
      return undefined;
    }
    if (this.referencing === 'LN')
      return this.#runner.run(() => invokeMethod(this.#session, descriptor(method), params), control);
    const name = await this.#methodName(method, control);
    if (control.returnsData !== true)
      return { result: await this.#runner.run(() => writeName(this.#session, name, params ?? NULL_DATA), control) };
    const read = await this.#runner.run(() => callMethod(this.#session, name, params ?? NULL_DATA), control);
    return 'data' in read ? { result: 'success', return: read } : { result: read.result };
  }

  /** Invokes several methods in one exchange where the meter can (LN with multiple references), otherwise one by one. */
  async actionMany(
    items: readonly (AttributeAddress & Pick<InvokeItem, 'params'>)[],
    control: RequestControl = {},
  ): Promise<readonly ActionOutcome[]> {
    if (this.referencing === 'LN' && items.length > 1 && this.negotiated.conformance.has('multiple-references')) {
      const list = items.map((item) => ({ ...descriptor(item), params: item.params }));
      return this.#runner.run(() => invokeList(this.#session, list), control);
    }
    const outcomes: ActionOutcome[] = [];
    for (const item of items) outcomes.push(await this.action(item, item.params, control));
    return outcomes;
  }

  /** ACCESS: any mix of GET, SET and ACTION in one request (LN). Rejects with `not-supported` unless it was negotiated. */
  async access(
    items: readonly AccessItem[],
    options: AccessOptions & RequestControl = {},
  ): Promise<readonly AccessResult[]> {
    if (!this.negotiated.conformance.has('access'))
      throw new SessionError('not-supported', 'ACCESS was not negotiated', {
        next: 'propose the conformance bit access, or use GET, SET and ACTION',
      });
    return this.#runner.run(() => access(this.#session, items, options), options);
  }

  /**
   * Runs a procedure of this room in the association, one after the other with its other requests:
   * `association.perform((session) => transferKeys(session, keys))`.
   */
  perform<T>(make: (session: ClientSession) => Procedure<T>, control: RequestControl = {}): Promise<T> {
    return this.#runner.run(() => make(this.#session), control);
  }

  /** Rows of a profile (class 7) by time, by entry or all of them, read as they are asked for. */
  profile(obis: string, selection: ProfileSelection, options: ProfileOptions = {}): AsyncGenerator<ProfileRow> {
    return readProfile(this, obis, selection, options);
  }

  /** Objects of the association with access rights as far as the meter lists them. Read once. */
  async objectList(control: RequestControl = {}): Promise<readonly ObjectListEntry[]> {
    if (this.#objects !== undefined) return this.#objects;
    const address = this.referencing === 'LN' ? LN_OBJECT_LIST : SN_OBJECT_LIST;
    const result = await this.get(address, null, control);
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

  /**
   * Reads the logical name of the association whenever nothing was asked for `everyMs` milliseconds, so that the meter
   * does not end it as idle. Until it is released.
   */
  keepAlive(everyMs: number): void {
    this.#runner.keepAlive(everyMs, () =>
      this.referencing === 'LN'
        ? getAttribute(this.#session, { ...descriptor(LN_OBJECT_LIST), index: 1 }, null)
        : readName(this.#session, 0xfa00, null),
    );
  }

  /** Releases the association, the link and the connection. Never rejects. */
  async release(timeoutMs = RELEASE_TIMEOUT_MS): Promise<void> {
    this.#runner.stop();
    try {
      await this.#runner.run(() => release(this.#session), { timeoutMs });
    } catch {
      // Silence and a closed connection after RLRQ end the association just as well (quirk Q47).
    }
    await this.#channel.close(timeoutMs);
  }

  /** Unconfirmed SET (LN) or UnconfirmedWrite (SN), all in one APDU: nothing tells whether the values were written. */
  async setUnconfirmed(items: readonly AttributeToSet[], control: RequestControl = {}): Promise<void> {
    if (this.referencing === 'LN') {
      const list = items.map((item) => ({ ...descriptor(item), selective: item.selective ?? null, data: item.data }));
      return this.#runner.run(() => setUnconfirmed(this.#session, list), control);
    }
    const names = await this.#names(items, control);
    const list = items.map((item, index) => ({ ...names[index]!, data: item.data }));
    return this.#runner.run(() => writeNamesUnconfirmed(this.#session, list, items.some(holdsSecret)), control);
  }

  async #actionUnconfirmed(method: AttributeAddress, params: Data | null, control: RequestControl): Promise<void> {
    if (this.referencing === 'LN')
      return this.#runner.run(() => invokeUnconfirmed(this.#session, descriptor(method), params), control);
    const name = await this.#methodName(method, control);
    return this.#runner.run(() => writeNamesUnconfirmed(this.#session, [{ name, data: params ?? NULL_DATA }]), control);
  }

  async #writeMany(items: readonly AttributeToSet[], control: RequestControl): Promise<readonly string[]> {
    const names = await this.#names(items, control);
    const list = items.map((item, index) => ({ ...names[index]!, data: item.data }));
    return this.#runner.run(() => writeNames(this.#session, list, items.some(holdsSecret)), control);
  }

  async #names(
    addresses: readonly AttributeToGet[],
    control: RequestControl,
  ): Promise<{ readonly name: number; readonly selective: SelectiveAccess | null }[]> {
    const names: { name: number; selective: SelectiveAccess | null }[] = [];
    for (const address of addresses) {
      const name = attributeName(await this.#baseName(address, control), address.index);
      names.push({ name, selective: address.selective ?? null });
    }
    return names;
  }

  /** Base name plus the offset of the method in its class and version (classes of the Blue Book). */
  async #methodName(method: AttributeAddress, control: RequestControl): Promise<number> {
    const listed = method.baseName === undefined ? await this.#listed(method, control) : undefined;
    const base = method.baseName ?? listed?.baseName ?? 0;
    const known = nearestClass(method.class, listed?.version ?? 0)?.methods.find((one) => one.index === method.index);
    if (known !== undefined) return (base + known.snOffset) & SHORT_NAME_MASK;
    throw new SessionError('object-unknown', `class ${method.class} has no known method ${method.index}`, {
      next: 'write to the short name of the method',
    });
  }

  async #baseName(address: AttributeAddress, control: RequestControl): Promise<number> {
    return address.baseName ?? (await this.#listed(address, control)).baseName ?? 0;
  }

  async #listed(address: AttributeAddress, control: RequestControl): Promise<ObjectListEntry> {
    const found = (await this.objectList(control)).find(
      (object) => object.logicalName === address.obis && object.classId === address.class,
    );
    if (found?.baseName !== undefined) return found;
    throw new SessionError('object-unknown', `${address.obis} is not in the object list of the meter`, {
      next: 'read the object list',
    });
  }
}

function descriptor(address: AttributeAddress): { class: number; obis: string; index: number } {
  return { class: address.class, obis: address.obis, index: address.index };
}

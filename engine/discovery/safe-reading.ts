import type { Data } from '../codec/axdr/data.ts';
import type { GetDataResult } from '../codec/xdlms/types.ts';
import type { ObjectListEntry } from '../cosem/object-list.ts';
import type { Association, AttributeAddress } from '../session/association.ts';
import { costsOneRequest } from '../session/errors.ts';
import type { Contact } from './contact.ts';

/** A value that was read, with the records it rests on. */
export interface Reading {
  readonly data: Data;
  readonly evidence: readonly number[];
}

/** Attributes asked for in one request: their answers have to fit into small APDUs. */
const LIST_LENGTH = 8;
/**
 * Reads through an association a scan holds: a refusal or a broken answer costs that value only and is noted; a lost
 * association is thrown. Lists are used where the meter has them and given up when it does not keep to it (quirk Q50).
 */
export class SafeReader {
  readonly association: Association;
  readonly #contact: Contact;
  #lists = true;

  constructor(association: Association, contact: Contact) {
    this.association = association;
    this.#contact = contact;
  }

  /** One value per address, undefined where there is none. */
  async read(addresses: readonly AttributeAddress[]): Promise<(Reading | undefined)[]> {
    const readings: (Reading | undefined)[] = [];
    for (let at = 0; at < addresses.length; at += LIST_LENGTH)
      readings.push(...(await this.#some(addresses.slice(at, at + LIST_LENGTH))));
    return readings;
  }

  /** The object list; empty when it is refused or cannot be read. */
  async objects(): Promise<readonly ObjectListEntry[]> {
    this.#contact.evidence.step('read:object list');
    return (await this.#tolerate(() => this.association.objectList())) ?? [];
  }

  async one(address: AttributeAddress): Promise<Reading | undefined> {
    return (await this.#some([address]))[0];
  }

  async #some(addresses: readonly AttributeAddress[]): Promise<(Reading | undefined)[]> {
    const { evidence } = this.#contact;
    this.#contact.checkLimits();
    if (this.#lists && addresses.length > 1 && this.association.negotiated.conformance.has('multiple-references')) {
      const from = evidence.records.length;
      evidence.step(`read:${addresses[0]?.obis}#${addresses[0]?.index} and ${addresses.length - 1} more`);
      const results = await this.#tolerate(() => this.association.getMany(addresses));
      if (results !== undefined) return results.map((result) => reading(result, evidence.since(from)));
      this.#lists = false;
    }
    const readings: (Reading | undefined)[] = [];
    for (const address of addresses) {
      const from = evidence.records.length;
      evidence.step(`read:${address.obis}#${address.index}`);
      const result = await this.#tolerate(() => this.association.get(address));
      readings.push(result === undefined ? undefined : reading(result, evidence.since(from)));
    }
    return readings;
  }

  async #tolerate<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#contact.checkLimits();
      if (!costsOneRequest(error)) throw error;
      this.#contact.errors.push(`${this.#contact.evidence.currentStep}: ${error.found}`);
      this.#contact.evidence.event('error', error.found);
      return undefined;
    }
  }
}

function reading(result: GetDataResult, evidence: readonly number[]): Reading | undefined {
  return 'data' in result ? { data: result.data, evidence } : undefined;
}

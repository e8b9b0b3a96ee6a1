import type { Data } from '../../codec/axdr/data.ts';
import { textFromOctets } from '../../codec/axdr/text.ts';
import type { ActionOutcome, DataAccessResult } from '../../codec/xdlms/types.ts';
import { readAttributeData } from '../attribute-access.ts';
import { IMAGE_STATUS, type ImageMemory } from '../state/image-format.ts';
import { dataToNumber } from '../values/value.ts';
import { type ClassLogic, SUCCESS, type Target } from './class-logic.ts';
import { blockBits, blockCount, blockLength, firstMissing, hasBlock, newImage, withBlock } from './image-blocks.ts';
import { isGiven } from './register.ts';

const BLOCK_SIZE = 2;
const ENABLED = 5;
const INITIATE = 1;
const BLOCK_TRANSFER = 2;
const VERIFY = 3;
const ACTIVATE = 4;
const DEFAULT_BLOCK_SIZE = 256;
/** Blocks of one image: its bitmap takes 32 KiB. */
export const MAX_BLOCKS = 0x40000;
const MAX_IDENTIFIER = 64;
/** Octets a meter verifies, and then activates, in a second; what takes less than one is done at once. */
const OCTETS_A_SECOND = 256 * 1024;
/** A version at the end of an identifier: `A1000-2.0.1`. */
const VERSION = /\d+(?:\.\d+)+[A-Za-z0-9]*$/;

const TEMPORARY: ActionOutcome = { result: 'temporary-failure' };
const FAILED: ActionOutcome = { result: 'other-reason' };
const WRONG_TYPE: ActionOutcome = { result: 'type-unmatched' };
const NOTHING_TO_ACTIVATE: Data = { t: 'array', v: [] };

/** The image as it stands at the moment: a step under way ends by itself. */
function imageOf(target: Target): ImageMemory | undefined {
  const { meter, object, time } = target;
  const image = meter.remembered(object.index)?.image;
  if (image === undefined || image.until === 0 || time < image.until) return image;
  const { verificationInitiated, verificationSuccessful, activationInitiated, activationSuccessful } = IMAGE_STATUS;
  if (image.status === verificationInitiated)
    return keep(target, { ...image, status: verificationSuccessful, until: 0 });
  if (image.status !== activationInitiated) return image;
  return keep(target, { ...image, status: activationSuccessful, until: 0 });
}

function keep(target: Target, image: ImageMemory): ImageMemory {
  target.meter.remember(target.object.index, { image });
  return image;
}

/** The version an identifier ends with, or all of it. */
function firmwareOf({ identifier }: ImageMemory): string {
  const text = textFromOctets(identifier).trim();
  return VERSION.exec(text)?.[0] ?? text;
}

function isEnabled(target: Target): boolean {
  return dataToNumber(readAttributeData(target, ENABLED)) === 1;
}

function blockSize(target: Target): number {
  const size = dataToNumber(readAttributeData(target, BLOCK_SIZE));
  return size > 0 ? size : DEFAULT_BLOCK_SIZE;
}

/** A new image takes the place of the one before. */
function initiate(target: Target, params: Data | null): ActionOutcome {
  const [identifier, size] = params?.t === 'structure' && params.v.length === 2 ? params.v : [];
  if (identifier?.t !== 'octet-string' || size?.t !== 'double-long-unsigned') return WRONG_TYPE;
  const octets = blockSize(target);
  const fits = size.v > 0 && size.v <= octets * MAX_BLOCKS && identifier.v.length <= MAX_IDENTIFIER;
  if (!fits) return FAILED;
  keep(target, newImage(new Uint8Array(identifier.v), size.v, octets));
  return SUCCESS;
}

/** Blocks come in any order; one that came before is taken again without looking at it. */
function transferBlock(target: Target, params: Data | null): ActionOutcome {
  const [number, value] = params?.t === 'structure' && params.v.length === 2 ? params.v : [];
  if (number?.t !== 'double-long-unsigned' || value?.t !== 'octet-string') return WRONG_TYPE;
  const image = imageOf(target);
  const { initiated, verificationFailed } = IMAGE_STATUS;
  if (image === undefined || (image.status !== initiated && image.status !== verificationFailed)) return TEMPORARY;
  if (number.v >= blockCount(image) || value.v.length !== blockLength(image, number.v)) return FAILED;
  if (!hasBlock(image, number.v)) keep(target, { ...withBlock(image, number.v, value.v), status: initiated });
  return SUCCESS;
}

/** When a step over all octets of the image ends; 0 if that is at once. */
function endOf(target: Target, { size }: ImageMemory): number {
  const seconds = Math.floor(size / OCTETS_A_SECOND);
  return seconds === 0 ? 0 : target.time + seconds * 1000;
}

/** success: verified; temporary-failure: under way; other-reason: it failed (Blue Book 4.4.8). */
function verify(target: Target): ActionOutcome {
  const image = imageOf(target);
  if (image === undefined) return FAILED;
  switch (image.status) {
    case IMAGE_STATUS.verificationInitiated:
      return TEMPORARY;
    case IMAGE_STATUS.verificationSuccessful:
      return SUCCESS;
    case IMAGE_STATUS.initiated:
    case IMAGE_STATUS.verificationFailed:
      break;
    default:
      return FAILED;
  }
  if (image.missing > 0) {
    // The blocks that came stay: the client may send the missing ones and verify again.
    keep(target, { ...image, status: IMAGE_STATUS.verificationFailed });
    return FAILED;
  }
  const until = endOf(target, image);
  const { verificationInitiated, verificationSuccessful } = IMAGE_STATUS;
  keep(target, { ...image, status: until === 0 ? verificationSuccessful : verificationInitiated, until });
  return until === 0 ? SUCCESS : TEMPORARY;
}

/** Activates a verified image; one that is complete but was not verified is verified on the way. */
function activate(target: Target): ActionOutcome {
  let image = imageOf(target);
  if (image?.status === IMAGE_STATUS.initiated) {
    const verified = verify(target);
    if (verified.result !== 'success') return verified;
    image = imageOf(target);
  }
  if (image === undefined) return FAILED;
  switch (image.status) {
    case IMAGE_STATUS.activationSuccessful:
      return SUCCESS;
    case IMAGE_STATUS.verificationInitiated:
    case IMAGE_STATUS.activationInitiated:
      return TEMPORARY;
    case IMAGE_STATUS.verificationSuccessful:
      break;
    default:
      return FAILED;
  }
  const until = endOf(target, image);
  const { activationInitiated, activationSuccessful } = IMAGE_STATUS;
  keep(target, { ...image, status: until === 0 ? activationSuccessful : activationInitiated, until });
  target.meter.runOn(firmwareOf(image), target.time, until);
  return until === 0 ? SUCCESS : TEMPORARY;
}

/** image_to_activate_info: what was verified and waits to be activated; the signature is the hash of its blocks. */
function toActivate(image: ImageMemory | undefined): Data {
  if (image?.status !== IMAGE_STATUS.verificationSuccessful) return NOTHING_TO_ACTIVATE;
  return {
    t: 'array',
    v: [
      {
        t: 'structure',
        v: [
          { t: 'double-long-unsigned', v: image.size },
          { t: 'octet-string', v: image.identifier },
          { t: 'octet-string', v: image.digest },
        ],
      },
    ],
  };
}

function readOne(target: Target, attribute: number): Data | undefined {
  const image = imageOf(target);
  switch (attribute) {
    case BLOCK_SIZE:
      return { t: 'double-long-unsigned', v: DEFAULT_BLOCK_SIZE };
    case 3:
      return { t: 'bit-string', v: image === undefined ? '' : blockBits(image) };
    case 4:
      return { t: 'double-long-unsigned', v: image === undefined ? 0 : firstMissing(image) };
    case 6:
      return image === undefined ? undefined : { t: 'enum', v: image.status };
    case 7:
      return image === undefined ? undefined : toActivate(image);
    default:
      return undefined;
  }
}

function writeOne(attribute: number): DataAccessResult | undefined {
  return attribute === BLOCK_SIZE || attribute === ENABLED ? undefined : 'read-write-denied';
}

/**
 * Image transfer (class 18, Blue Book 4.4.8): initiate, blocks in any order, verify, activate. What the meter reports
 * as its firmware afterwards is the version the image's identifier ends with.
 */
export const imageTransfer: ClassLogic = {
  read(target, attribute, selection) {
    if (selection !== null) return undefined;
    // A block size that was given is read like any other attribute.
    if (attribute === BLOCK_SIZE && isGiven(target, BLOCK_SIZE)) return undefined;
    const data = readOne(target, attribute);
    return data === undefined ? undefined : { data };
  },
  write: (_target, attribute) => writeOne(attribute),
  invoke(target, method, params) {
    if (method < INITIATE || method > ACTIVATE) return undefined;
    if (!isEnabled(target)) return { result: 'read-write-denied' };
    switch (method) {
      case INITIATE:
        return initiate(target, params);
      case BLOCK_TRANSFER:
        return transferBlock(target, params);
      default:
        if (params === null || dataToNumber(params) !== 0) return WRONG_TYPE;
        return method === VERIFY ? verify(target) : activate(target);
    }
  },
};

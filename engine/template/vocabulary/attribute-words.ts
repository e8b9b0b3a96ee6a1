import type { WordTable } from './types.ts';

function words(...list: readonly (readonly [word: string, code: number, doc: string])[]): WordTable {
  return list.map(([word, code, doc]) => ({ word, code, doc }));
}

/** Words for attributes of type enum, by class id and attribute name (Blue Book 4, tables of the classes). */
const TABLE: Readonly<Record<string, WordTable>> = {
  '7 sort_method': words(
    ['fifo', 1, 'First in, first out.'],
    ['lifo', 2, 'Last in, first out.'],
    ['largest', 3, 'Largest value first.'],
    ['smallest', 4, 'Smallest value first.'],
    ['nearest-to-zero', 5, 'Nearest to zero first.'],
    ['farthest-from-zero', 6, 'Farthest from zero first.'],
  ),
  '8 clock_base': words(
    ['not-defined', 0, 'Not defined.'],
    ['internal-crystal', 1, 'Internal crystal.'],
    ['mains-50-hz', 2, 'Mains frequency, 50 Hz.'],
    ['mains-60-hz', 3, 'Mains frequency, 60 Hz.'],
    ['gps', 4, 'Global positioning system.'],
    ['radio-controlled', 5, 'Radio controlled.'],
  ),
  '15 association_status': words(
    ['non-associated', 0, 'No association.'],
    ['association-pending', 1, 'Authentication not finished.'],
    ['associated', 2, 'Associated.'],
  ),
  '18 image_transfer_status': words(
    ['not-initiated', 0, 'No transfer yet.'],
    ['initiated', 1, 'Transfer initiated.'],
    ['verification-initiated', 2, 'Verification running.'],
    ['verification-successful', 3, 'Image verified.'],
    ['verification-failed', 4, 'Image refused.'],
    ['activation-initiated', 5, 'Activation running.'],
    ['activation-successful', 6, 'Image active.'],
    ['activation-failed', 7, 'Activation failed.'],
  ),
  '19 default_mode': words(
    ['mode-e', 0, 'IEC 62056-21 modes A to E.'],
    ['hdlc', 1, 'HDLC directly.'],
    ['manufacturer', 2, 'Not specified.'],
  ),
  '64 security_suite': words(
    ['suite-0', 0, 'AES-GCM-128.'],
    ['suite-1', 1, 'AES-GCM-128, ECDSA and ECDH on P-256.'],
    ['suite-2', 2, 'AES-GCM-256, ECDSA and ECDH on P-384.'],
  ),
  '70 control_state': words(
    ['disconnected', 0, 'Supply is off.'],
    ['connected', 1, 'Supply is on.'],
    ['ready-for-reconnection', 2, 'Supply may be switched on by hand.'],
  ),
};

/** Words that stand for numbers in an attribute; empty where there are none. */
export function attributeWords(classId: number, attribute: string): WordTable {
  return TABLE[`${classId} ${attribute}`] ?? [];
}

import { mechanismId } from '../../codec/acse/names.ts';
import type { ApplicationContext, Mechanism } from '../../codec/acse/types.ts';
import type { Data } from '../../codec/axdr/data.ts';

/** Context ids of 2.16.756.5.8.1.n (wire.md 7). */
const CONTEXT_IDS: Readonly<Record<ApplicationContext, number>> = { ln: 1, sn: 2, 'ln-ciphered': 3, 'sn-ciphered': 4 };

/** 2.16.756.5.8.arc.id as attributes 4 and 6 of class 15 carry it: a structure of its seven components. */
function components(arc: number, id: number): Data {
  const unsigned = (v: number): Data => ({ t: 'unsigned', v });
  return {
    t: 'structure',
    v: [
      unsigned(2),
      unsigned(16),
      { t: 'long-unsigned', v: 756 },
      unsigned(5),
      unsigned(8),
      unsigned(arc),
      unsigned(id),
    ],
  };
}

export function contextName(context: ApplicationContext): Data {
  return components(1, CONTEXT_IDS[context]);
}

export function mechanismName(mechanism: Mechanism): Data {
  return components(2, mechanismId(mechanism));
}

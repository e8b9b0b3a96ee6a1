/** Names of codes of gas, heat, cooling, water and heat cost allocators by quantity and processing (Blue Book 7.7 to 7.11). */
import type { Composition } from './compose-electricity.ts';
import type { Obis } from './obis.ts';
import { composedMedia, gas, media } from './tables.ts';

const REGISTERS: readonly number[] = [3, 4];

const rate = (e: number): string => (e === 0 ? '' : `rate ${e}`);

/** Which of the gas tables explains D of a quantity C, and what E then says. */
function gasProcessing(code: Obis): readonly [processing: string | undefined, e: string] {
  const { c, d, e } = code;
  if (c === 70) return [gas.analysis.get(d), e === 0 ? '' : (gas.factorAverages.get(e) ?? `E=${e}`)];
  if (c === 43) return [gas.flow.get(d), e === 0 ? '' : `E=${e}`];
  if (c === 41 || c === 42 || (c >= 44 && c <= 49)) return [gas.process.get(d), e === 0 ? '' : `E=${e}`];
  if (c >= 51 && c <= 55) {
    if (d === 12) return ['calculation method', e === 0 ? 'in use' : `supported method ${e}`];
    return [gas.factors.get(d), e === 0 ? '' : (gas.factorAverages.get(e) ?? `E=${e}`)];
  }
  return [gas.index.get(d), rate(e)];
}

/** Composes a gas code. */
export function composeGas(code: Obis): Composition {
  const quantity = gas.quantities.get(code.c);
  const [processing, e] = gasProcessing(code);
  return {
    parts: [quantity ?? `Quantity C=${code.c}`, processing ?? `D=${code.d}`, e].filter((part) => part !== ''),
    classes: REGISTERS,
    known: quantity !== undefined && processing !== undefined,
  };
}

/** Renewables under medium 15: C 1..10 solar, 11..20 wind. */
function otherMedium(code: Obis): string {
  if (code.c >= 1 && code.c <= 10) return `Solar quantity ${code.c}`;
  return code.c >= 11 && code.c <= 20 ? `Wind quantity ${code.c}` : `Quantity C=${code.c}`;
}

/** Composes a code of any medium but electricity and gas. Unknown media and groups are shown by their numbers. */
export function composeOther(code: Obis): Composition {
  const tables = composedMedia.get(code.a);
  if (tables === undefined) {
    const name = code.a === 15 ? otherMedium(code) : `${media.get(code.a) ?? `Medium ${code.a}`} object C=${code.c}`;
    return { parts: [name, `D=${code.d}`, `E=${code.e}`], classes: [], known: false };
  }
  const quantity = tables.quantities.get(code.c);
  const processing = tables.processing.get(code.d);
  return {
    parts: [quantity ?? `Quantity C=${code.c}`, processing ?? `D=${code.d}`, rate(code.e)].filter(
      (part) => part !== '',
    ),
    classes: REGISTERS,
    known: quantity !== undefined && processing !== undefined,
  };
}

import type { InterfaceClass } from '../../cosem/classes.ts';
import type { FindingCode } from '../findings/codes.ts';
import type { FindingExtras } from '../findings/finding.ts';
import type { ClassTable } from './classes.ts';
import { classOf } from './classes.ts';
import type { Origin } from './declarations.ts';
import { type Environment, noVariables } from './environment.ts';
import type { Collector, Report } from './report.ts';
import type { ResolvedMember, ResolvedMeter } from './resolve.ts';
import type { SymbolRecorder } from './symbols.ts';

/** What names can mean inside a meter. */
export interface MeterScope {
  readonly meter: ResolvedMeter;
  readonly symbols: SymbolRecorder;
  readonly classes: ClassTable;
  /** False while an abstract meter is looked at: what it lacks may come from those that extend it. */
  readonly complete: boolean;
  /** Class of an object of the meter; its problems are reported once. */
  classOf(object: ResolvedMember): InterfaceClass | undefined;
  object(name: string): ResolvedMember | undefined;
  names(kind: string): readonly string[];
  /** The place of something that was written in this meter or inherited. */
  place(origin: Origin): Place;
  /** Says something about the meter as a whole, at its name. */
  reportHere(code: FindingCode, message: string, extras?: FindingExtras): void;
}

/** A place of a text, seen from a meter. */
export interface Place {
  readonly scope: MeterScope;
  readonly file: string;
  readonly environment: Environment;
  readonly report: Report;
}

/** The scope of a meter. */
export function createScope(
  meter: ResolvedMeter,
  classes: ClassTable,
  symbols: SymbolRecorder,
  collector: Collector,
): MeterScope {
  const known = new Map<ResolvedMember, InterfaceClass | undefined>();
  const scope: MeterScope = {
    meter,
    symbols,
    classes,
    complete: !meter.declaration.abstract,
    classOf(object) {
      if (!known.has(object)) known.set(object, classOf(object, classes, collector.in(object.base.origin.file)));
      return known.get(object);
    },
    object: (name) => meter.members.get('object')?.get(name),
    names: (kind) =>
      kind === 'simulation'
        ? [...(meter.singles.get('simulate')?.keys() ?? [])]
        : [...(meter.members.get(kind)?.keys() ?? [])],
    place: (origin) => ({
      scope,
      file: origin.file,
      environment: origin.environment,
      report: collector.in(origin.file),
    }),
    reportHere(code, message, extras) {
      collector.in(meter.declaration.file)(code, meter.declaration.nameNode, message, extras);
    },
  };
  return scope;
}

/** A place with no `for` variables at the head of a meter. */
export function headOfMeter(meter: ResolvedMeter): Origin {
  return { file: meter.declaration.file, meter: meter.declaration.name, environment: noVariables };
}

import type { Data } from '../../codec/axdr/data.ts';
import type { BlueprintAssociation } from '../blueprint.ts';
import { nameOf } from '../values/arguments.ts';
import type { Target } from './class-logic.ts';

const CONFORMANCE_BITS = 24;
const DLMS_VERSION = 6;
const SECURITY_SETUP = 64;
const NO_REFERENCE = new Uint8Array(6);

/** xDLMS_context_info (class 15 attribute 5): conformance, PDU sizes of both sides, DLMS version, quality, ciphering. */
export function conformanceData(target: Target, definition: BlueprintAssociation): Data {
  const { association } = target;
  const own = association?.definition === definition ? association : undefined;
  const conformance = own?.conformance ?? definition.conformance;
  return {
    t: 'structure',
    v: [
      { t: 'bit-string', v: conformance.toString(2).padStart(CONFORMANCE_BITS, '0') },
      { t: 'long-unsigned', v: definition.model.maxPdu },
      { t: 'long-unsigned', v: own?.clientMaxPdu ?? 0 },
      { t: 'unsigned', v: DLMS_VERSION },
      { t: 'integer', v: 0 },
      // The dedicated key belongs to the client that made it and is not given away.
      { t: 'octet-string', v: new Uint8Array(0) },
    ],
  };
}

/** security_setup_reference: the logical name of the object that stands for the association's security block. */
export function securitySetupReference(target: Target, definition: BlueprintAssociation): Data {
  const wanted = definition.security?.name;
  const objects = target.meter.blueprint.objects.filter(({ model }) => model.class === SECURITY_SETUP);
  const found =
    wanted === undefined
      ? undefined
      : (objects.find(({ model }) => nameOf(model.settings.of) === wanted) ?? objects[0]);
  return { t: 'octet-string', v: found?.logicalName ?? NO_REFERENCE };
}

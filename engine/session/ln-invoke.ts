import type { Data } from '../codec/axdr/data.ts';
import { encodeData } from '../codec/axdr/encode-data.ts';
import type {
  ActionOutcome,
  AttributeDescriptor,
  DataAccessResult,
  MethodDescriptor,
  SelectiveAccess,
} from '../codec/xdlms/types.ts';
import { describeAttribute } from './apdu-summary.ts';
import type { ClientSession } from './client-session.ts';
import { SessionError } from './errors.ts';
import type { Procedure } from './procedure.ts';
import { holdsSecret } from './secret-attributes.ts';
import type { OctetRange } from './secret-ranges.ts';

/** SET of one attribute in one APDU (GB 9.3.7). Returns the data-access-result, `success` when written. */
export function* setAttribute(
  session: ClientSession,
  attr: AttributeDescriptor,
  data: Data,
  selective: SelectiveAccess | null = null,
): Procedure<DataAccessResult> {
  session.requireAssociation();
  const invoke = session.nextInvoke();
  const answer = yield* session.request(
    { kind: 'set-request', invoke, type: 'normal', attr, selective, data },
    { invoke, ...(holdsSecret(attr) ? { secret: (plain: Uint8Array) => suffixRange(plain, encodeData(data)) } : {}) },
  );
  if (answer.kind === 'set-response' && answer.type === 'normal') return answer.result;
  throw new SessionError('unexpected-apdu', `set ${describeAttribute(attr)} was answered by ${answer.kind}`);
}

/** How a method is invoked. */
export interface InvokeOptions {
  /** Keep the parameters out of traces. */
  readonly secretParams?: boolean;
  /** Service-specific ciphering even where general protection was negotiated. */
  readonly specificCiphering?: boolean;
}

/** ACTION in one APDU (GB 9.3.8). */
export function* invokeMethod(
  session: ClientSession,
  method: MethodDescriptor,
  params: Data | null,
  options: InvokeOptions = {},
): Procedure<ActionOutcome> {
  session.requireAssociation();
  const invoke = session.nextInvoke();
  const masked = options.secretParams === true && params !== null;
  const answer = yield* session.request(
    { kind: 'action-request', invoke, type: 'normal', method, params },
    {
      invoke,
      ...(options.specificCiphering === true ? { specificCiphering: true } : {}),
      ...(masked ? { secret: (plain: Uint8Array) => suffixRange(plain, encodeData(params)) } : {}),
    },
  );
  if (answer.kind === 'action-response' && answer.type === 'normal')
    return { result: answer.result, ...(answer.return !== undefined ? { return: answer.return } : {}) };
  throw new SessionError('unexpected-apdu', `action ${describeAttribute(method)} was answered by ${answer.kind}`);
}

/** The Data at the end of a request, without its type tag, so that the shape stays readable. */
function suffixRange(plain: Uint8Array, data: Uint8Array): readonly OctetRange[] {
  const from = plain.length - data.length + 1;
  return from < plain.length ? [{ from, to: plain.length }] : [];
}

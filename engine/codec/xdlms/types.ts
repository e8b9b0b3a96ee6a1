import type { Data } from '../axdr/data.ts';

/** invoke-id-and-priority (GB 9.5): bits 0-3 id, bit 6 confirmed, bit 7 high priority. */
export interface InvokeIdAndPriority {
  readonly raw: number;
  readonly id: number;
  readonly confirmed: boolean;
  readonly highPriority: boolean;
}

/** Cosem-Attribute-Descriptor. `obis` is the logical name as `A-B:C.D.E.F`. */
export interface AttributeDescriptor {
  readonly class: number;
  readonly obis: string;
  readonly index: number;
}
export type MethodDescriptor = AttributeDescriptor;

export interface SelectiveAccess {
  readonly selector: number;
  readonly params: Data;
}
export interface AttributeWithSelection extends AttributeDescriptor {
  readonly selective: SelectiveAccess | null;
}

/** Names of wire.json, e.g. `success`, `read-write-denied`; unknown numbers as `unknown(n)`. */
export type DataAccessResult = string;
export type ActionResult = string;

export interface DataBlock {
  readonly last: boolean;
  readonly block: number;
  readonly raw: Uint8Array;
}

export interface InitiateRequest {
  readonly kind: 'initiate-request';
  readonly dedicatedKey: Uint8Array | null;
  readonly responseAllowed: boolean;
  readonly proposedQoS: number | null;
  readonly dlmsVersion: number;
  /** Names of the set conformance bits in the order of the bits. */
  readonly conformance: readonly string[];
  readonly maxPdu: number;
}
export interface InitiateResponse {
  readonly kind: 'initiate-response';
  readonly negotiatedQoS: number | null;
  readonly dlmsVersion: number;
  readonly conformance: readonly string[];
  readonly maxPdu: number;
  /** 0x0007 in LN, 0xFA00 in SN. */
  readonly vaaName: number;
}
export interface ConfirmedServiceError {
  readonly kind: 'confirmed-service-error';
  readonly service: string;
  readonly error: string;
  readonly value: string;
}

interface WithInvoke {
  readonly invoke: InvokeIdAndPriority;
}
export type GetRequest = WithInvoke & { readonly kind: 'get-request' } & (
    | { readonly type: 'normal'; readonly attr: AttributeDescriptor; readonly selective: SelectiveAccess | null }
    | { readonly type: 'next'; readonly block: number }
    | { readonly type: 'with-list'; readonly list: readonly AttributeWithSelection[] }
  );
export type GetDataResult = { readonly data: Data } | { readonly result: DataAccessResult };
export type GetResponse = WithInvoke & { readonly kind: 'get-response' } & (
    | ({ readonly type: 'normal' } & GetDataResult)
    | ({ readonly type: 'with-datablock'; readonly last: boolean; readonly block: number } & (
        | { readonly raw: Uint8Array }
        | { readonly result: DataAccessResult }
      ))
    | { readonly type: 'with-list'; readonly list: readonly GetDataResult[] }
  );
export type SetRequest = WithInvoke & { readonly kind: 'set-request' } & (
    | {
        readonly type: 'normal';
        readonly attr: AttributeDescriptor;
        readonly selective: SelectiveAccess | null;
        readonly data: Data;
      }
    | ({
        readonly type: 'with-first-datablock';
        readonly attr: AttributeDescriptor;
        readonly selective: SelectiveAccess | null;
      } & DataBlock)
    | ({ readonly type: 'with-datablock' } & DataBlock)
    | { readonly type: 'with-list'; readonly list: readonly AttributeWithSelection[]; readonly values: readonly Data[] }
    | ({ readonly type: 'with-list-and-first-datablock'; readonly list: readonly AttributeWithSelection[] } & DataBlock)
  );
export type SetResponse = WithInvoke & { readonly kind: 'set-response' } & (
    | { readonly type: 'normal'; readonly result: DataAccessResult }
    | { readonly type: 'datablock'; readonly block: number }
    | { readonly type: 'last-datablock'; readonly result: DataAccessResult; readonly block: number }
    | {
        readonly type: 'last-datablock-with-list';
        readonly results: readonly DataAccessResult[];
        readonly block: number;
      }
    | { readonly type: 'with-list'; readonly results: readonly DataAccessResult[] }
  );
export type ActionRequest = WithInvoke & { readonly kind: 'action-request' } & (
    | { readonly type: 'normal'; readonly method: MethodDescriptor; readonly params: Data | null }
    | { readonly type: 'next-pblock'; readonly block: number }
    | { readonly type: 'with-list'; readonly list: readonly MethodDescriptor[]; readonly params: readonly Data[] }
    | ({ readonly type: 'with-first-pblock'; readonly method: MethodDescriptor } & DataBlock)
    | ({ readonly type: 'with-list-and-first-pblock'; readonly list: readonly MethodDescriptor[] } & DataBlock)
    | ({ readonly type: 'with-pblock' } & DataBlock)
  );
export interface ActionOutcome {
  readonly result: ActionResult;
  readonly return?: GetDataResult;
}
export type ActionResponse = WithInvoke & { readonly kind: 'action-response' } & (
    | ({ readonly type: 'normal' } & ActionOutcome)
    | ({ readonly type: 'with-pblock' } & DataBlock)
    | { readonly type: 'with-list'; readonly list: readonly ActionOutcome[] }
    | { readonly type: 'next-pblock'; readonly block: number }
  );

/** Variable-Access-Specification of SN services (GB 9.5). Names are unsigned short names. */
export type VariableAccess =
  | { readonly 'variable-name': number }
  | { readonly 'parameterized-access': { readonly name: number; readonly selector: number; readonly parameter: Data } }
  | { readonly 'block-number-access': number }
  | { readonly 'read-data-block-access': DataBlock }
  | { readonly 'write-data-block-access': { readonly last: boolean; readonly block: number } };

export interface ReadRequest {
  readonly kind: 'read-request';
  readonly list: readonly VariableAccess[];
}
export type ReadResult =
  | { readonly data: Data }
  | { readonly result: DataAccessResult }
  | { readonly 'data-block-result': DataBlock }
  | { readonly 'block-number': number };
export interface ReadResponse {
  readonly kind: 'read-response';
  readonly list: readonly ReadResult[];
}
export interface WriteRequest {
  readonly kind: 'write-request' | 'unconfirmed-write-request';
  readonly list: readonly VariableAccess[];
  readonly values: readonly Data[];
}
export interface WriteResponse {
  readonly kind: 'write-response';
  /** `success`, a data-access-result name, or the number of the block acknowledged. */
  readonly list: readonly (DataAccessResult | { readonly 'block-number': number })[];
}
export interface InformationReport {
  readonly kind: 'information-report';
  /** GeneralizedTime characters, null when absent. */
  readonly time: string | null;
  readonly list: readonly VariableAccess[];
  readonly values: readonly Data[];
}
export interface EventNotification {
  readonly kind: 'event-notification';
  readonly time: Uint8Array | null;
  readonly attr: AttributeDescriptor;
  readonly data: Data;
}
export interface DataNotification {
  readonly kind: 'data-notification';
  readonly longInvokeId: number;
  /** Empty or 12 octets. */
  readonly dateTime: Uint8Array;
  readonly data: Data;
}
/** Newer editions only (tag 10h). */
export interface DataNotificationConfirm {
  readonly kind: 'data-notification-confirm';
  readonly longInvokeId: number;
  /** Empty or 12 octets. */
  readonly dateTime: Uint8Array;
}
export interface ExceptionResponse {
  readonly kind: 'exception-response';
  readonly stateError: string;
  readonly serviceError: string;
  /** Expected invocation counter, only with `invocation-counter-error`. */
  readonly invocationCounter?: number;
}
export interface AccessSpecification extends AttributeDescriptor {
  readonly op: 'get' | 'set' | 'action' | 'get-with-selection' | 'set-with-selection';
  readonly selective?: SelectiveAccess;
}
export interface AccessRequest {
  readonly kind: 'access-request';
  readonly longInvokeId: number;
  readonly dateTime: Uint8Array;
  readonly spec: readonly AccessSpecification[];
  readonly data: readonly Data[];
}
export type AccessOutcome = { readonly get: string } | { readonly set: string } | { readonly action: string };
export interface AccessResponse {
  readonly kind: 'access-response';
  readonly longInvokeId: number;
  readonly dateTime: Uint8Array;
  readonly spec: readonly AccessSpecification[] | null;
  readonly data: readonly Data[];
  readonly results: readonly AccessOutcome[];
}
export interface GeneralBlockTransfer {
  readonly kind: 'general-block-transfer';
  readonly last: boolean;
  readonly streaming: boolean;
  readonly window: number;
  readonly block: number;
  readonly blockAck: number;
  readonly raw: Uint8Array;
}
export interface Gateway {
  readonly kind: 'gateway-request' | 'gateway-response';
  readonly networkId: number;
  readonly address: Uint8Array;
  readonly apdu: Uint8Array;
}

export type XdlmsApdu =
  | InitiateRequest
  | InitiateResponse
  | ConfirmedServiceError
  | GetRequest
  | GetResponse
  | SetRequest
  | SetResponse
  | ActionRequest
  | ActionResponse
  | ReadRequest
  | ReadResponse
  | WriteRequest
  | WriteResponse
  | InformationReport
  | EventNotification
  | DataNotification
  | DataNotificationConfirm
  | ExceptionResponse
  | AccessRequest
  | AccessResponse
  | GeneralBlockTransfer
  | Gateway;

/** A failure of storage. It is always shown: nothing that needs the store goes on without it. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: 'node-too-old' | 'in-use' | 'open-failed' | 'schema-newer' | 'write-failed' | 'read-failed';
  /** What the person can do. */
  readonly next: string;

  constructor(code: StoreError['code'], message: string, next: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.next = next;
  }
}

import type { FindingCode } from '../../../../engine/template/index.ts';

/** A template that shows a finding, and the same template put right. */
export interface FindingCase {
  readonly code: FindingCode;
  /** What this case is about, where a code has several. */
  readonly about?: string;
  /** `«…»` marks the range. */
  readonly bad: string;
  /** Without it only the bad text is tested. */
  readonly good?: string;
  /** Other files the texts use. */
  readonly files?: Readonly<Record<string, string>>;
  /** Part of the message that must be there. */
  readonly says?: string;
  /** First suggestion. */
  readonly suggests?: string;
  /** Other codes that come along. */
  readonly also?: readonly FindingCode[];
}

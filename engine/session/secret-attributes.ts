import type { AttributeDescriptor } from '../codec/xdlms/types.ts';

const ASSOCIATION_LN = 15;
/** Class 15 attribute 7: LLS password or HLS secret (BB 4.4.4). */
const SECRET_ATTRIBUTE = 7;

/** True when the value of the attribute is a password: it is neither traced nor shown. */
export function holdsSecret(attribute: Pick<AttributeDescriptor, 'class' | 'index'>): boolean {
  return attribute.class === ASSOCIATION_LN && attribute.index === SECRET_ATTRIBUTE;
}

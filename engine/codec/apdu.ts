import type { Aare, Aarq, Rlre, Rlrq } from './acse/types.ts';
import type { ProtectedApdu } from './security/types.ts';
import type { XdlmsApdu } from './xdlms/types.ts';

/** Every APDU this codec knows, told apart by `kind` (kebab-case of the standard's name). */
export type Apdu = Aarq | Aare | Rlrq | Rlre | XdlmsApdu | ProtectedApdu;
export type ApduKind = Apdu['kind'];

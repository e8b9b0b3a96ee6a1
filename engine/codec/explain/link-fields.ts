import type { Explanations } from './explanations.ts';

/** HDLC (GB 8.4, IEC 62056-46). */
export const HDLC_FIELDS: Explanations = {
  flag: 'Octet 7E that opens and closes every frame; one flag may close a frame and open the next.',
  'frame format':
    'Two octets: frame type 3 (Ah), whether more segments of the same APDU follow, and the length of the frame between the flags, 11 bits.',
  'destination address':
    'Station the frame is for. A client has one octet; a server has a logical device (upper) and perhaps a physical device (lower).',
  'source address': 'Station that sent the frame, coded like the destination.',
  'upper (logical device)':
    'Upper part of a server address: the logical device in the meter, 1 for the management logical device.',
  'lower (physical device)':
    'Lower part of a server address: the meter on a shared line; often taken from its serial number.',
  control:
    'Kind of the frame, its sequence numbers N(S) sent and N(R) expected next (both 0 to 7), and the poll (P) or final (F) bit that hands over the right to send.',
  HCS: 'Check sequence over the header, so that a damaged length is found before the information is read.',
  FCS: 'Check sequence over the whole frame without its flags (CRC 16 of ISO/IEC 13239); a frame with a wrong one is dropped.',
  information: 'What the frame carries: an APDU or a segment of one, or the parameters of the link.',
  'SNRM frame': 'Set normal response mode: the client opens the link and proposes its parameters.',
  'UA frame':
    'Unnumbered acknowledge: the server accepts SNRM or DISC; after SNRM it carries the negotiated parameters.',
  'DISC frame': 'Disconnect: the client closes the link.',
  'DM frame': 'Disconnected mode: the server has no link open, or refuses to open one.',
  'FRMR frame':
    'Frame reject: a frame arrived that cannot be put right by sending it again; the link starts anew with SNRM.',
  'I frame': 'Information frame: a numbered piece of an APDU that the peer acknowledges.',
  'RR frame': 'Receive ready: acknowledges the frames before N(R) and asks for more.',
  'RNR frame': 'Receive not ready: acknowledges the frames before N(R) and asks the peer to wait.',
  'REJ frame':
    'Reject: acknowledges the frames before N(R) and asks for those from N(R) on again; no frame of the profile.',
  'UI frame': 'Unnumbered information: sent once without acknowledgement, as for pushes and broadcasts.',
  'format identifier': 'Octet 81: parameters of the link follow.',
  'group identifier': 'Octet 80: the group of HDLC parameters.',
  'group length': 'Length of the parameters in octets.',
  'maximum information field length, transmit':
    'Longest information field the sender of this frame transmits: 32 to 2030 octets, 128 unless negotiated.',
  'maximum information field length, receive':
    'Longest information field the sender of this frame accepts: 32 to 2030 octets, 128 unless negotiated.',
  'window size, transmit':
    'Frames the sender of this frame sends before it waits for an acknowledgement: 1 to 7, usually 1.',
  'window size, receive': 'Frames the sender of this frame takes before it must acknowledge: 1 to 7, usually 1.',
  'parameter identifier':
    '05 and 06 are the information field lengths for transmit and receive, 07 and 08 the windows.',
  'parameter length': 'Octets of the value.',
  'parameter value': 'The proposed or negotiated number.',
  'user data': 'Group F0: anything the parties agreed on; not interpreted here.',
  'rejected control': 'Control octet of the frame that was rejected.',
  counters: 'Send and receive counters of the station that rejects, and whether the rejected frame was a response.',
  reasons: 'Why: control field unknown, information not permitted, information too long, or N(R) out of range.',
};

/** LLC (GB 8.3), wrapper (GB 7.3) and M-Bus (EN 13757). */
export const TRANSPORT_FIELDS: Explanations = {
  LLC: 'Three octets before an APDU over HDLC: E6 E6 00 from the client (command), E6 E7 00 from the server (response).',
  wrapper: 'Header of eight octets that puts an APDU on TCP or UDP, followed by the APDU.',
  'wrapper/version': 'Version of the wrapper; 1 is the only one.',
  'source wPort': 'Port of the sender inside of the connection: the client or the logical device that speaks.',
  'destination wPort':
    'Port of the receiver inside of the connection: 1 is the management logical device, 16 the public client.',
  'wrapper/length': 'Octets of the APDU that follows, at most 65535.',
  'M-Bus frame': 'Long frame of wired M-Bus that carries an APDU or a segment of one.',
  'start, length': '68 L L 68: the length is said twice and counts the octets from the control field to the data.',
  'M-Bus frame/control': 'C field: 53 or 73 sends user data.',
  address: 'A field: primary address of the receiver; FF is everybody.',
  'control information': 'CI field: number of the segment in bits 0 to 3, and in bit 4 whether it is the last.',
  STSAP: 'Service access point of the sender: the logical device of the meter, usually 1.',
  DTSAP: 'Service access point of the receiver: the client, e.g. 103 (67h) for a consumer interface.',
  'M-Bus frame/data': 'The APDU, or its segment in this frame.',
  'checksum, stop': 'Sum of the octets from control field to data modulo 256, then the stop octet 16.',
};

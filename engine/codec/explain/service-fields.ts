import type { Explanations } from './explanations.ts';

/** Services by logical name and what they have in common (GB 9.5). */
export const SERVICE_FIELDS: Explanations = {
  'get-request': 'The client reads attributes, or asks for the next block of a long answer.',
  'get-response': 'The value of what was read, a block of it, or why it cannot be read.',
  'set-request': 'The client writes attributes, perhaps in blocks.',
  'set-response': 'Whether writing succeeded, or which block arrived.',
  'action-request': 'The client runs methods of objects.',
  'action-response': 'Whether methods succeeded, and what they return.',
  'event-notification': 'The server reports an attribute whose value means an event.',
  'data-notification': 'The server pushes data, usually what a push setup object lists, without being asked.',
  'data-notification-confirm': 'The receiver of a push says that it arrived.',
  'access-request': 'One request that gets, sets and runs several things in the order given.',
  'access-response': 'Results and values of an ACCESS request, in the same order.',
  'exception-response': 'The server cannot serve the request at all and says why.',
  'confirmed-service-error': 'The server refuses to open the association or to serve by short name, and says why.',
  'gateway-request': 'Header for a gateway that passes the APDU on to a meter behind it.',
  'gateway-response': 'Header of a gateway before the APDU of a meter behind it.',
  'general-block-transfer': 'A numbered piece of a longer APDU of any kind, with acknowledgement of those received.',
  type: 'Form of the service: one item, a list, or a step of a block transfer.',
  'invoke-id-and-priority':
    'Number that ties an answer to its request (0 to 15), whether an answer is wanted, and the priority.',
  'long-invoke-id-and-priority':
    'Number that ties an answer to its request (24 bits), whether an answer is wanted, the priority and flags of ACCESS.',
  'cosem-attribute-descriptor': 'The attribute: class of the object, its logical name, number of the attribute.',
  'cosem-method-descriptor': 'The method: class of the object, its logical name, number of the method.',
  'attribute-descriptor-list': 'The attributes of the request, in the order of the answer.',
  'method-descriptor-list': 'The methods of the request, in the order of the answer.',
  'class-id': 'Interface class of the object, e.g. 3 register, 7 profile, 8 clock, 15 association.',
  'instance-id': 'Logical name (OBIS code) of the object: six numbers A-B:C.D.E.F that say what it measures or is for.',
  index:
    'Number of the attribute or method in its class. Attribute 1 is the logical name, 0 stands for all attributes.',
  'access-selection': 'Part of the attribute that is wanted; without it the whole.',
  'access-selector':
    'Kind of selection, defined by the class; for profiles 1 is a range of time and 2 a range of entries.',
  'access-parameters': 'What the selector needs, e.g. first and last time.',
  'method-invocation-parameters': 'Argument of the method, or one for each method of a list.',
  'return-parameters': 'What the method returned, if it returns something.',
  'list-of-responses': 'One result for each method, in the order of the request.',
  'single-response': 'Result of the method and what it returned.',
  'action-result': 'Whether the method succeeded: 0 is success, others say why not.',
  'data-access-result':
    'Whether access succeeded: 0 is success, 3 denied, 4 no such object, 12 wrong type, 250 another reason.',
  'result choice': 'Whether data (0) or a reason why there are none (1) follows.',
  choice: 'Which of the possible forms follows.',
  result: 'Results, one for each item of the request.',
  'access-response-specification/result': 'Whether this step of the ACCESS request succeeded; 0 is success.',
  'value-list': 'Values to write, in the order of the attributes.',
  'event-notification/time': 'When the event happened.',
  'attribute-value': 'Value of the attribute that means the event.',
  'notification-body': 'The data pushed: usually a structure in the order of the push object list.',
  'date-time': 'When the APDU was made; may be left empty.',
  'access-request-specification': 'What to do, step by step: which attribute or method, and how.',
  'access-request-list-of-data': 'One value for each step: what to write or the argument; null-data for reading.',
  'access-response-list-of-data': 'One value for each step: what was read or returned; null-data otherwise.',
  'access-response-specification': 'Kind and result of each step.',
  operation: 'Kind of the step: get (1), set (2), action (3), get or set with selection (4, 5).',
  'state-error': 'Whether the service is not allowed now (1) or not known (2).',
  'exception-response/service-error':
    'What failed: e.g. 1 not possible now, 2 not supported, 5 not decipherable, 6 invocation counter too low.',
  'exception-response/invocation-counter': 'Lowest invocation counter the server accepts.',
  'confirmed-service-error/service': 'The service that failed: 1 opening the association, 5 read, 6 write.',
  'confirmed-service-error/service-error': 'Group of the error, which says how the value is read.',
  'confirmed-service-error/value': 'The error in its group.',
  'network-id': 'Network behind the gateway; 0 where there is one only.',
  'physical-device-address': 'Address of the meter in that network.',
  'user-apdu': 'The APDU for or from the meter.',
};

/** Block transfer, of the services and in general (GB 9.4.6.13, 9.5). */
export const BLOCK_FIELDS: Explanations = {
  datablock: 'A block of a long value.',
  pblock: 'A block of long method parameters or results.',
  'last-block': 'True when no further block follows.',
  'block-number': 'Number of the block, counting from 1 in each transfer.',
  'raw-data': 'Octets of the block. Put together in order, the blocks are the encoded value.',
  'block-control':
    'Bit 7: last block. Bit 6: streaming, more blocks follow without acknowledgement. Bits 0 to 5: window, blocks accepted in a row.',
  'block-number-ack': 'Number of the last block received in order from the other side.',
  'block-data': 'Octets of the block. Put together in order, the blocks are an APDU; empty in a mere acknowledgement.',
};

/** Services by short name (GB 9.5). */
export const SHORT_NAME_FIELDS: Explanations = {
  'read-request': 'The client reads attributes by short name.',
  'read-response': 'Values that were read by short name, or why not.',
  'write-request': 'The client writes attributes or runs methods by short name.',
  'write-response': 'Whether each value was written.',
  'unconfirmed-write-request': 'The client writes by short name and gets no answer.',
  'information-report': 'The server reports values by short name without being asked.',
  'variable-access-specification': 'What is accessed, by short name.',
  'variable-name': 'Short name: base name of the object plus an offset of 8 for each attribute; methods follow behind.',
  selector: 'Kind of selection, as for selective access by logical name.',
  parameter: 'What the selector needs, or the argument of a method.',
  'list-of-data': 'Values, in the order of the names.',
  'current-time': 'When the report was made.',
};

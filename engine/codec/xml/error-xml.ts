import { ERRORS, OTHER_VALUES, SERVICES, VALUES } from '../xdlms/confirmed-service-error.ts';
import { SERVICE_ERRORS, STATE_ERRORS } from '../xdlms/exception-response.ts';
import type { ConfirmedServiceError, ExceptionResponse } from '../xdlms/types.ts';
import type { ElementReader } from './element-reader.ts';
import { nameFromXml, nameToXml } from './xml-names.ts';
import type { XmlWriter } from './xml-writer.ts';

/**
 * Service and group of errors are elements: `<Read><Access Value="ObjectUnavailable" /></Read>`. Numbers without a name
 * cannot be names of elements; they stand in `Service` and `Error` attributes.
 */
export function writeConfirmedServiceErrorXml(w: XmlWriter, apdu: ConfirmedServiceError): void {
  const service = nameToXml(SERVICES, apdu.service);
  const error = nameToXml(ERRORS, apdu.error);
  const value = nameToXml(VALUES[apdu.error] ?? OTHER_VALUES, apdu.value);
  w.element('ConfirmedServiceError', () =>
    w.element(elementName('Service', service), () => w.value(elementName('Error', error), value)),
  );
}

/** A number in hex behind the word when there is no name: `Service14`. */
function elementName(word: string, name: string): string {
  return /^[0-9A-F]{2}$/.test(name) ? `${word}${name}` : name;
}

/** Also `Service` with the number, and `ServiceError` around the error, as other translators write it. */
export function readConfirmedServiceErrorXml(x: ElementReader): ConfirmedServiceError {
  const numbered = x.optional('Service', (value) => value.enumerated(SERVICES));
  if (numbered !== undefined) return x.child('ServiceError', (inside) => readError(inside, numbered));
  return x.only('a service', (serviceElement) => {
    const service = nameFromXml(SERVICES, serviceElement.name.replace(/^Service(?=[0-9A-F]{2}$)/, ''));
    if (service === undefined) return serviceElement.fail('unknown-element', serviceElement.name, SERVICES.describe());
    return readError(serviceElement, service);
  });
}

function readError(x: ElementReader, service: ConfirmedServiceError['service']): ConfirmedServiceError {
  return x.only('an error', (errorElement) => {
    const error = nameFromXml(ERRORS, errorElement.name.replace(/^Error(?=[0-9A-F]{2}$)/, ''));
    if (error === undefined) return errorElement.fail('unknown-element', errorElement.name, ERRORS.describe());
    const value = errorElement.enumerated(VALUES[error] ?? OTHER_VALUES);
    return { kind: 'confirmed-service-error', service, error, value };
  });
}

export function writeExceptionResponseXml(w: XmlWriter, apdu: ExceptionResponse): void {
  w.element('ExceptionResponse', () => {
    w.enumerated('StateError', STATE_ERRORS, apdu.stateError);
    w.enumerated('ServiceError', SERVICE_ERRORS, apdu.serviceError);
    if (apdu.invocationCounter !== undefined) w.number('InvocationCounter', apdu.invocationCounter, 4);
  });
}

export function readExceptionResponseXml(x: ElementReader): ExceptionResponse {
  const stateError = x.child('StateError', (value) => value.enumerated(STATE_ERRORS));
  const serviceError = x.child('ServiceError', (value) => value.enumerated(SERVICE_ERRORS));
  const invocationCounter = x.optional('InvocationCounter', (value) => value.number(4));
  const head = { kind: 'exception-response', stateError, serviceError } as const;
  return invocationCounter === undefined ? head : { ...head, invocationCounter };
}

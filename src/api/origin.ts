/** The origin the handlers match. A loopback server maps its port to it; no such host exists. */
export const ORIGIN = 'http://orders.test';

// Which names of a host mean this machine. A page of the web can make its own name point to 127.0.0.1 (DNS rebinding),
// and a browser would then send that page's requests to a server here, under that name.

/** Capitals, a dot at the end, and any port, are the same host: a tunnel may have another port than the server. */
export function isLoopbackHost(host: string): boolean {
  const match = /^(?:(?:localhost|127\.0\.0\.1)\.?|\[::1\])(?::(\d*))?$/i.exec(host);
  return match !== null && Number(match[1] ?? 0) <= 65_535;
}

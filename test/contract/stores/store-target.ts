/** Servers that the tests of idempotency stores run on. */
export const STORE_SERVERS = ['redis', 'postgresql'] as const
export type StoreServerName = (typeof STORE_SERVERS)[number]

/** Where a server listens and where it came from, or why there is none. */
export type StorePlace = { readonly port: number; readonly origin: string } | { readonly missing: string }

export type StorePlaces = Readonly<Record<StoreServerName, StorePlace>>

declare global {
  // Set for the jest project of the stores by jest.contract.config.js.
  var ROCKETWIRE_STORES: StorePlaces | undefined
}

/**
 * Declares tests that run on a server of 127.0.0.1. Where there is none they are skipped and say why; on a machine of
 * continuous integration, which sets CI, that is a failure.
 */
export function describeOnServer(name: StoreServerName, define: (port: number) => void): void {
  const place = globalThis.ROCKETWIRE_STORES?.[name] ?? { missing: 'run it with npm run test:contract' }
  if (!('missing' in place)) {
    describe(`${name} (${place.origin})`, () => define(place.port))
    return
  }
  const { missing } = place
  if (process.env.CI === undefined || process.env.CI === '')
    it.skip(`needs a ${name} server: ${missing}`, () => undefined)
  else {
    it(`has a ${name} server`, () => {
      throw new Error(missing)
    })
  }
}

import { generateKeyPairSync } from 'node:crypto'
import { md, pki } from 'node-forge'
import { systemClock } from '../../lib/runtime/clock'

/** A certificate and its private key, both PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

export interface CertificateOptions {
  /** Common name. */
  readonly name: string
  /** Names and IP addresses that it is good for. */
  readonly hosts?: readonly string[]
  /** It ended yesterday. */
  readonly expired?: boolean
}

const DAY_MS = 86_400_000
const IS_IP = /^[\d.]+$|:/

/** An authority of the test's own, and what it signs. */
export class Authority {
  readonly #own: Certificate
  #serial = 1

  constructor(name = 'Test authority') {
    this.#own = made({ name }, { isAuthority: true, serial: '01' })
  }

  /** Its own certificate, for the option `ca`. */
  get ca(): string {
    return this.#own.cert
  }

  /** A certificate for a server or a client. */
  issue(options: CertificateOptions): Certificate {
    const serial = (++this.#serial).toString(16).padStart(4, '0')
    return made(options, { isAuthority: false, serial, issuer: this.#own })
  }
}

/** The key in the form that is locked with a passphrase. */
export function locked({ key }: Certificate, passphrase: string): string {
  return pki.encryptRsaPrivateKey(pki.privateKeyFromPem(key), passphrase, { algorithm: 'aes256' })
}

interface Making {
  readonly isAuthority: boolean
  readonly serial: string
  /** Default: itself. */
  readonly issuer?: Certificate
}

/** To make keys takes long; nothing here depends on whether certificates share them. */
let leafKeys: ReturnType<typeof newKeys> | undefined

function newKeys() {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
}

function made({ name, hosts = [], expired = false }: CertificateOptions, making: Making): Certificate {
  const { publicKey, privateKey } = making.isAuthority ? newKeys() : (leafKeys ??= newKeys())
  const certificate = pki.createCertificate()
  certificate.publicKey = pki.publicKeyFromPem(publicKey)
  certificate.serialNumber = making.serial
  const now = systemClock.now()
  certificate.validity.notBefore = new Date(now - 30 * DAY_MS)
  certificate.validity.notAfter = new Date(now + (expired ? -DAY_MS : 30 * DAY_MS))
  const { issuer = { cert: '', key: privateKey } } = making
  certificate.setSubject([{ name: 'commonName', value: name }])
  certificate.setIssuer(
    issuer.cert === '' ? [{ name: 'commonName', value: name }] : pki.certificateFromPem(issuer.cert).subject.attributes,
  )
  certificate.setExtensions(extensionsOf(hosts, making.isAuthority))
  certificate.sign(pki.privateKeyFromPem(issuer.key), md.sha256.create())
  return { cert: pki.certificateToPem(certificate), key: privateKey }
}

function extensionsOf(hosts: readonly string[], isAuthority: boolean): object[] {
  const altNames = hosts.map(host => (IS_IP.test(host) ? { type: 7, ip: host } : { type: 2, value: host }))
  return [
    { name: 'basicConstraints', cA: isAuthority, critical: true },
    isAuthority
      ? { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true }
      : { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
    ...(altNames.length === 0 ? [] : [{ name: 'subjectAltName', altNames }]),
  ]
}

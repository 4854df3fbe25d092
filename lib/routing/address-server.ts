import { RocketMQError, asError } from '../errors'

const MAX_ANSWER_BYTES = 65_536
/** Of an answer that is no list, this much is shown. */
const SHOWN_LENGTH = 100

/** True for name server "addresses" that are the URL of a list of them. */
export function isAddressServer(namesrvAddr: string): boolean {
  return /^https?:\/\//.test(namesrvAddr)
}

/** @throws RocketMQError INVALID_ARGUMENT where the text is no URL */
export function checkedUrl(url: string): string {
  if (URL.canParse(url)) return url
  // Not repeated here: it may hold a password.
  throw new RocketMQError('INVALID_ARGUMENT', 'namesrvAddr begins like the URL of an address server and is no URL')
}

/**
 * Asks an address server for the list of name servers: the first line of its answer, `host:port;host:port`.
 * @throws RocketMQError NO_NAME_SERVER where it cannot be reached, refuses or answers nothing
 */
export async function fetchNameServerList(url: string, signal: AbortSignal): Promise<string> {
  const answer = await getText(url, signal).catch((error: unknown) => {
    const cause = asError(signal.aborted ? signal.reason : error)
    const says = `the address server ${withoutSecrets(url)} gave no list of name servers: ${cause.message}`
    throw new RocketMQError('NO_NAME_SERVER', says, { cause })
  })
  const list = (answer.split(/\r?\n/)[0] ?? '').trim()
  if (list === '')
    throw new RocketMQError('NO_NAME_SERVER', `the address server ${withoutSecrets(url)} answered an empty list`)
  return list
}

/** The error of an answer that is no list, such as the page of a proxy: it may be another one the next time. */
export function wrongList(url: string, list: string, cause: unknown): RocketMQError {
  const says = `the address server ${withoutSecrets(url)} answered "${list.slice(0, SHOWN_LENGTH)}", which is no list of name servers`
  return new RocketMQError('NO_NAME_SERVER', `${says} such as host1:9876;host2:9876`, { cause })
}

async function getText(url: string, signal: AbortSignal): Promise<string> {
  // Hardly anybody has an address server, and to load these takes every process some milliseconds.
  const { get } = await (url.startsWith('https:') ? import('node:https') : import('node:http'))
  return new Promise((resolve, reject) => {
    // No agent: a kept-alive socket would outlive the client's shutdown.
    const request = get(url, { agent: false, signal }, response => {
      if (response.statusCode !== 200) {
        response.destroy()
        reject(new Error(`HTTP status ${response.statusCode}`))
        return
      }
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        text += part
        if (text.length > MAX_ANSWER_BYTES) response.destroy(new Error(`an answer above ${MAX_ANSWER_BYTES} bytes`))
      })
      response.on('end', () => resolve(text))
      response.on('error', reject)
    })
    request.on('error', reject)
  })
}

/** A URL for messages, without user, password and query. */
function withoutSecrets(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}

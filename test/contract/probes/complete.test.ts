import { Emulator } from '../../../lib/emulator/index'
import { RequestHandlers } from '../../../lib/remoting/request-handlers'
import { OWN_PROBES, PROBES } from './rows'

/** Commands that real servers never refuse, and why. */
const NEVER_FAIL: Readonly<Record<string, string>> = {
  DELETE_KV_CONFIG: 'what is not there is deleted, too',
  DELETE_TOPIC_IN_NAMESRV: 'what is not there is forgotten, too',
  GET_ALL_TOPIC_LIST_FROM_NAMESERVER: 'it asks for nothing in particular',
  GET_BROKER_CLUSTER_INFO: 'it asks for nothing in particular',
  GET_BROKER_RUNTIME_INFO: 'it asks for nothing in particular',
  UNREGISTER_CLIENT: 'what is not there is taken away, too',
}

const probes = Object.values({ ...PROBES, ...OWN_PROBES }).flat()

/** Names of the commands for which the servers of an emulator have handlers. */
async function handled(): Promise<Set<string>> {
  const register = jest.spyOn(RequestHandlers.prototype, 'on')
  const emulator = await Emulator.start({ version: '5' })
  const names = new Set(register.mock.calls.map(([{ name }]) => name))
  register.mockRestore()
  await emulator.shutdown()
  return names
}

function namesOf(isOne: (code: string) => boolean): Set<string> {
  return new Set(probes.filter(({ codes }) => Object.values(codes).some(isOne)).map(({ command }) => command.name))
}

const lackingIn = (names: Set<string>, covered: Set<string>): string[] => [...names].filter(name => !covered.has(name))

describe('the request probes', () => {
  it('show of every command that the emulator handles how it succeeds', async () => {
    expect(
      lackingIn(
        await handled(),
        namesOf(code => code === 'SUCCESS'),
      ),
    ).toEqual([])
  })

  it('show of every command that can fail how it fails', async () => {
    const failing = namesOf(code => code !== 'SUCCESS')
    expect(lackingIn(await handled(), failing).sort()).toEqual(Object.keys(NEVER_FAIL))
  })

  it('have names of their own', () => {
    const titles = probes.map(({ command, name }) => `${command.name}: ${name}`)
    expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([])
  })
})

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROCKETMQ_VERSIONS } from './contract/real/artifacts'
import { dockerPlaces } from './contract/real/docker-cluster'
import { BROKER_CONF } from './contract/real/server-files'
import { readPlainYaml, type PlainYaml } from './support/plain-yaml'

const folder = join(__dirname, 'contract')
const compose = readPlainYaml(readFileSync(join(folder, 'docker-compose.yml'), 'utf8'))
const services = Object.entries(mapping(mapping(compose).services))

/** The keys of the compose specification that the file may use, and the form of each. */
const SERVICE_KEYS: Record<string, (value: PlainYaml | undefined) => unknown> = {
  image: text,
  profiles: list,
  command: text,
  environment: mapping,
  ports: list,
  volumes: list,
  depends_on: list,
}

function mapping(value: PlainYaml | undefined): { readonly [key: string]: PlainYaml } {
  if (typeof value !== 'object' || isList(value)) throw new Error(`${JSON.stringify(value)} is not a mapping`)
  return value
}

function list(value: PlainYaml | undefined): readonly string[] {
  if (value === undefined || !isList(value)) throw new Error(`${JSON.stringify(value)} is not a list`)
  return value
}

function text(value: PlainYaml | undefined): string {
  if (typeof value !== 'string') throw new Error(`${JSON.stringify(value)} is not a text`)
  return value
}

function isList(value: PlainYaml): value is readonly string[] {
  return Array.isArray(value)
}

function serviceOf(name: string): { readonly [key: string]: PlainYaml } {
  return mapping(services.find(([key]) => key === name)?.[1])
}

function confOf(version: string): Record<string, string> {
  const lines = readFileSync(join(folder, 'docker', `broker-${version}.conf`), 'utf8')
    .trim()
    .split('\n')
  return Object.fromEntries(lines.map(line => line.split('=') as [string, string]))
}

describe('the compose file of the contract tests', () => {
  it('uses only keys of the compose specification, each in its form', () => {
    expect(Object.keys(mapping(compose))).toEqual(['services'])
    for (const [, service] of services) {
      for (const [key, value] of Object.entries(mapping(service))) {
        expect(Object.keys(SERVICE_KEYS)).toContain(key)
        expect(() => SERVICE_KEYS[key]?.(value)).not.toThrow()
      }
    }
  })

  it('has a name server and a broker for each tested version, in a profile of that name', () => {
    const images = services.map(([, service]) => [text(mapping(service).image), ...list(mapping(service).profiles)])
    const wanted = ROCKETMQ_VERSIONS.map(version => [`apache/rocketmq:${version}`, version])
    expect(images).toEqual(wanted.flatMap(pair => [pair, pair]))
  })

  it('lets services depend only on services of their own profile', () => {
    const dependants = services.map(([, service]) => mapping(service)).filter(service => service.depends_on)
    expect(dependants).toHaveLength(ROCKETMQ_VERSIONS.length)
    for (const service of dependants) {
      for (const name of list(service.depends_on)) expect(serviceOf(name).profiles).toEqual(service.profiles)
    }
  })

  it('publishes every host port once and to this machine only', () => {
    const ports = services.flatMap(([, service]) => list(mapping(service).ports))
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
    const hostPorts = ports.map(port => port.split(':')[1])
    expect(new Set(hostPorts).size).toBe(hostPorts.length)
  })

  it.each(ROCKETMQ_VERSIONS)('publishes the broker of %s and its VIP port under the ports it listens on', version => {
    const listen = Number(confOf(version).listenPort)
    const broker = serviceOf(`broker-${version[0]}`)
    expect(list(broker.ports)).toEqual([listen - 2, listen].map(port => `127.0.0.1:${port}:${port}`))
    expect(dockerPlaces(version).broker).toBe(`127.0.0.1:${listen}`)
  })

  it.each(ROCKETMQ_VERSIONS)('publishes the name server of %s where the runner looks for it', version => {
    const [host, port] = dockerPlaces(version).nameServer.split(':')
    expect(list(serviceOf(`namesrv-${version[0]}`).ports)).toEqual([`${host}:${port}:9876`])
    expect(text(serviceOf(`broker-${version[0]}`).command)).toContain(`-n namesrv-${version[0]}:9876 `)
  })

  it.each(ROCKETMQ_VERSIONS)('runs the broker of %s with the settings of the brokers started from jars', version => {
    expect(confOf(version)).toMatchObject({ ...BROKER_CONF, brokerName: 'broker-a', brokerId: '0' })
  })

  it('mounts only files that are there', () => {
    const volumes = services.flatMap(([, service]) => list(mapping(service).volumes ?? []))
    expect(volumes).toHaveLength(ROCKETMQ_VERSIONS.length)
    for (const volume of volumes) expect(existsSync(join(folder, volume.split(':')[0] ?? ''))).toBe(true)
  })
})

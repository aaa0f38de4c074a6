/** The roll of a team: who is in it, who of them is online, and where. Pure. */
import type { Me, Members, Person, Role } from '../backend/bindings'

/** Somebody in the list of members. */
export interface Listed {
  id: string
  name: string
  /** What they may do; null for somebody who is here before this device heard of them. */
  role: Role | null
  isMe: boolean
  isOnline: boolean
}

/** Returns each person once, whatever number of devices they are at; without the one at this device. */
export function everyone(people: Person[], me: string): Person[] {
  return [...new Map(people.map((person) => [person.id, person])).values()].filter(({ id }) => id !== me)
}

/**
 * Returns everyone: the person at this device first, then who is online, then the others, each group by name. Somebody who is
 * here and not among the members joined since those were asked for.
 */
export function rollOf(members: Members | null, online: Person[], me: Me, isConnected: boolean): Listed[] {
  const here = new Set(online.map(({ id }) => id))
  const known = members?.people ?? []
  const ids = new Set(known.map(({ id }) => id))
  const joined = [me, ...everyone(online, me.id)].filter(({ id }) => !ids.has(id))
  const all = [...known, ...joined.map(({ id, name }) => ({ id, name, role: null }))].map((person) => {
    const isMe = person.id === me.id
    return { ...person, isMe, isOnline: isMe ? isConnected : here.has(person.id) }
  })
  const rank = ({ isMe, isOnline }: Listed) => (isMe ? 0 : isOnline ? 1 : 2)
  return all.sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name))
}

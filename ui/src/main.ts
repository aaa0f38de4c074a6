/** Starts the interface on whatever replica is behind it. */
import '@fontsource-variable/inter'
import './theme/tokens.css'
import './theme/base.css'
import './theme/controls.css'
import './theme/prose.css'
import './theme/kinds.css'
import './theme/files.css'
import './theme/code.css'
import './theme/print.css'
import { mount } from 'svelte'
import App from './app/App.svelte'
import { backendHere } from './backend/here'

const target = document.getElementById('app')
if (!target) throw new Error('the page has no place for the interface')

mount(App, { target, props: { backend: await backendHere() } })

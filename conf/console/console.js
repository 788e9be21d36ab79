/*
 * console.js
 *		A page for people: what a service holds and does, read-only.
 *
 * It speaks SCIM, and what /.console/{part} answers, by a token that somebody enters.  The
 * token is a variable of this file: it is in no address, no cookie and no storage of the
 * browser.  Whatever comes from the service becomes text (textContent), never markup.
 */
"use strict";

(() => {
	const IDLE_MINUTES = 15;
	const PAGE = 25;

	let token = null;
	let base = null;
	let idle = 0;
	let opened = 0;			// which opening an answer is of
	const asked = new Set();	// requests under way, to be given up

	const at = id => document.getElementById(id);

	// make("td", {class: "x"}, "text", node, ...): strings are text
	function make(name, attributes, ...children) {
		const element = document.createElement(name);

		for (const [key, value] of Object.entries(attributes || {})) {
			if (value !== null && value !== undefined && value !== false)
				element.setAttribute(key, value === true ? "" : value);
		}
		element.append(...children.filter(child => child !== null && child !== undefined));
		return element;
	}

	const say = text => { at("said").textContent = text; };
	const whole = n => Number(n).toLocaleString("en-US");

	/* ---- requests */

	class Refused extends Error {
		constructor(status, detail) {
			super(detail);
			this.status = status;
		}
	}

	async function ask(path, body) {
		const stop = new AbortController();
		const mine = opened;
		let answer;

		asked.add(stop);
		try {
			answer = await fetch(base + path, {
				method: body ? "POST" : "GET",
				headers: Object.assign({
					Authorization: "Bearer " + token,
					Accept: "application/scim+json, application/json"
				}, body ? {"Content-Type": "application/scim+json"} : {}),
				body: body ? JSON.stringify(body) : undefined,
				cache: "no-store", credentials: "omit", redirect: "error", referrerPolicy: "no-referrer",
				signal: stop.signal
			});
			const text = await answer.text();
			let said = null;

			try {
				said = JSON.parse(text);
			} catch (_) {
				// told of below
			}
			if (mine !== opened)
				throw new Refused(0, "forgotten");
			if (answer.status === 401)
				forget("The service does not accept this token (any more).");
			if (!answer.ok || said === null)
				throw new Refused(answer.status, said && said.detail ? String(said.detail) : "the answer has status " + answer.status);
			return said;
		} catch (error) {
			if (error instanceof Refused)
				throw error;
			throw new Refused(0, "the service does not answer");
		} finally {
			asked.delete(stop);
		}
	}

	// A string as it stands in a filter: RFC 7644 section 3.4.2.2 takes those of JSON.
	const quoted = text => JSON.stringify(text);

	const search = (endpoint, filter, attributes, page) => ask("/" + endpoint + "/.search", Object.assign({
		schemas: ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
		attributes: attributes, count: PAGE, startIndex: 1 + page * PAGE
	}, filter ? {filter: filter} : {}));

	/* ---- what is shown */

	function time(text) {
		const when = text ? new Date(text) : null;

		if (!when || isNaN(when))
			return null;
		const iso = when.toISOString();
		return make("time", {datetime: iso, title: iso}, iso.slice(0, 10) + " " + iso.slice(11, 16));
	}

	function ago(text, now) {
		const seconds = (new Date(now) - new Date(text)) / 1000;
		const [n, unit] = seconds < 5400 ? [seconds / 60, "minute"] : seconds < 129600 ? [seconds / 3600, "hour"] : [seconds / 86400, "day"];
		const count = Math.max(0, Math.round(n));

		return count + " " + unit + (count === 1 ? "" : "s") + " ago";
	}

	const KINDS = {
		ACTIVE: "good", PENDING: "warn", SUSPENDED: "warn", OFFBOARDING: "bad", OFFBOARDED: "", DELETED: "",
		used: "good", unused: "warn", expired: "bad", revoked: "",
		create: "good", reactivate: "good", activate: "good", suspend: "warn", offboard: "bad", delete: "bad"
	};
	const kind = word => Object.hasOwn(KINDS, word) ? KINDS[word] : "";
	const mark = word => word === null || word === undefined ? null : make("span", {class: "mark " + kind(word)}, String(word));

	// columns: [{name, value: row => string or node or null, class}]
	function table(caption, columns, rows) {
		const body = make("tbody");

		if (rows.length === 0)
			return make("div", {class: "scroll"}, make("p", {class: "empty tile"}, caption + ": nothing."));
		for (const row of rows) {
			const line = make("tr");

			for (const column of columns) {
				const value = column.value(row);
				const nothing = value === null || value === undefined || value === "";

				line.append(make("td", {"data-label": column.name, class: [column.class || "", nothing ? "nothing" : ""].join(" ").trim() || null},
					nothing ? "" : value instanceof Node ? value : String(value)));
			}
			body.append(line);
		}
		return make("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": caption},
			make("table", {}, make("caption", {}, caption),
				make("thead", {}, make("tr", {}, ...columns.map(column => make("th", {scope: "col", class: column.class === "number" ? "number" : null}, column.name)))),
				body));
	}

	const primary = values => {
		const all = Array.isArray(values) ? values : [];
		const one = all.find(value => value && value.primary === true) || all[0];

		return one && one.value !== undefined ? one.value : null;
	};
	const active = user => user.active === false ? mark("inactive") : user.active === true ? make("span", {class: "mark good"}, "active") : null;

	/*
	 * finder: a list of resources with a field to look for some and pages.  show makes the
	 * table of a page of resources.
	 */
	function finder(into, endpoint, label, filter, attributes, show) {
		const input = make("input", {type: "search", id: "find-" + endpoint, "aria-label": label, placeholder: label, autocomplete: "off", spellcheck: "false"});
		const form = make("form", {class: "find", role: "search", novalidate: true}, input, make("button", {type: "submit"}, "Find"));
		const list = make("div");
		let page = 0;
		let number = 0;

		async function load(focus) {
			const mine = ++number;

			list.classList.add("busy");
			try {
				const text = input.value.trim();
				const found = await search(endpoint, text ? filter(text) : null, attributes, page);
				if (mine !== number)
					return;
				const total = found.totalResults || 0;
				const rows = found.Resources || [];
				const back = make("button", {type: "button", disabled: page === 0}, "Back");
				const next = make("button", {type: "button", disabled: (page + 1) * PAGE >= total}, "Next");
				const range = rows.length === 0 ? whole(total) + " in all" : whole(1 + page * PAGE) + " to " + whole(page * PAGE + rows.length) + " of " + whole(total);

				back.addEventListener("click", () => { page--; load("back"); });
				next.addEventListener("click", () => { page++; load("next"); });
				list.replaceChildren(await show(rows), make("div", {class: "pages"}, back, next, make("span", {class: "soft"}, range)));
				if (focus)
					((focus === "back" ? back : next).disabled ? input : focus === "back" ? back : next).focus();
				say(range);
			} catch (error) {
				if (mine === number)
					list.replaceChildren(problem(error));
			} finally {
				if (mine === number)
					list.classList.remove("busy");
			}
		}
		form.addEventListener("submit", event => {
			event.preventDefault();
			page = 0;
			load();
		});
		into.append(form, list);
		return load();
	}

	const problem = error => make("p", {class: "note bad"}, error instanceof Refused && error.status === 403 ? "Not permitted: " + error.message : "It did not work: " + error.message);

	const by = row => row.token || row.actor;

	const TABS = [
		{
			id: "people", title: "People", async show(into) {
				const said = await ask("/.console/people");
				const tiles = make("div", {class: "tiles"});
				const several = new Set(said.rows.map(row => row.type).filter(type => type !== "Group")).size > 1;

				for (const row of said.rows.filter(row => row.type !== "Group"))
					tiles.append(make("div", {class: ("tile " + kind(row.status)).trim()}, make("b", {}, whole(row.count)), make("span", {}, several ? row.type + ", " + row.status : row.status)));
				into.append(tiles.childElementCount ? tiles : make("p", {class: "empty"}, "There is nobody, or nobody whom this token may see."), make("h3", {}, "Find somebody"));
				await finder(into, "Users", "Part of a user name or display name",
					text => "userName co " + quoted(text) + " or displayName co " + quoted(text),
					["userName", "displayName", "active", "emails", "meta.lastModified"],
					rows => table("People", [
						{name: "User name", value: row => row.userName},
						{name: "Display name", value: row => row.displayName},
						{name: "E-mail", value: row => primary(row.emails)},
						{name: "Active", value: active},
						{name: "Changed (UTC)", class: "time", value: row => time(row.meta && row.meta.lastModified)}
					], rows));
			}
		},
		{
			id: "changes", title: "Changes", async show(into) {
				const said = await ask("/.console/changes");

				into.append(table("The newest " + whole(said.rows.length) + " changes", [
					{name: "When (UTC)", class: "time", value: row => time(row.at)},
					{name: "What", value: row => mark(row.operation)},
					{name: "Of", value: row => row.object || row.type},
					{name: "Who or which", value: row => row.object ? row.key : [row.name || row.id, row.member_id ? row.member_name || row.member_id : null].filter(Boolean).join(": ")},
					{name: "By", value: by},
					{name: "Request", class: "id", value: row => row.request_id}
				], said.rows));
			}
		},
		{
			id: "requests", title: "Failed requests", async show(into) {
				const said = await ask("/.console/requests");

				if (!said.available) {
					into.append(make("p", {class: "note"}, "The log of the gateway is not readable in this database: conf/request_log.sql has not been run."));
					return;
				}
				into.append(table("What failed, by token and kind", [
					{name: "Last (UTC)", class: "time", value: row => time(row.at)},
					{name: "Token", value: row => row.token || "none"},
					{name: "Request", value: row => [row.method, row.endpoint].filter(Boolean).join(" ")},
					{name: "Status", value: row => make("span", {class: "mark " + (row.status >= 500 || row.status === 0 ? "bad" : "warn")}, [row.status, row.scim_type].filter(value => value !== null).join(" "))},
					{name: "How often", class: "number", value: row => whole(row.requests)},
					{name: "What the last one said", value: row => row.detail},
					{name: "Last request", class: "id", value: row => row.request_id}
				], said.rows));
			}
		},
		{
			id: "tokens", title: "Tokens", async show(into) {
				const said = await ask("/.console/tokens");

				into.append(table("Tokens and clients", [
					{name: "Name", value: row => row.name},
					{name: "Kind", value: row => row.kind},
					{name: "State", value: row => mark(row.state)},
					{name: "Last use", value: row => row.last_used_at ? ago(row.last_used_at, said.at) : "never"},
					{name: "Scopes", value: row => row.scopes ? row.scopes.join(", ") : "everything"},
					{name: "Made (UTC)", class: "time", value: row => time(row.created)},
					{name: "Ends (UTC)", class: "time", value: row => time(row.revoked_at || row.expires_at)}
				], said.rows), make("p", {class: "hint"}, "The last use is known to the hour."));
			}
		},
		{
			id: "groups", title: "Groups", async show(into) {
				await finder(into, "Groups", "Part of a display name",
					text => "displayName co " + quoted(text), ["displayName", "externalId", "meta.lastModified"],
					async rows => {
						const counts = await Promise.all(rows.map(row => ask("/Groups/" + encodeURIComponent(row.id) + "/members?count=0")
							.then(said => whole(said.totalResults), () => null)));

						return table("Groups", [
							{name: "Display name", value: row => row.displayName},
							{name: "Members", class: "number", value: row => counts[rows.indexOf(row)]},
							{name: "External id", value: row => row.externalId},
							{name: "Changed (UTC)", class: "time", value: row => time(row.meta && row.meta.lastModified)}
						], rows);
					});
			}
		},
		{
			id: "leaving", title: "Leaving", async show(into) {
				const said = await ask("/.console/leaving");
				const columns = [
					{name: "Who", value: row => row.name || row.id},
					{name: "Display name", value: row => row.display_name !== row.name ? row.display_name : null}
				];

				into.append(table("Off-boarding under way", columns.concat([
					{name: "Status", value: row => mark(row.step)},
					{name: "Since (UTC)", class: "time", value: row => time(row.at)},
					{name: "For", value: row => row.at ? ago(row.at, said.at).replace(" ago", "") : null}
				]), said.rows.filter(row => row.step === "OFFBOARDING")),
				make("h3", {}, "Steps of the last 30 days"),
				table("Who was suspended, off-boarded or deleted", columns.concat([
					{name: "Step", value: row => mark(row.step)},
					{name: "When (UTC)", class: "time", value: row => time(row.at)},
					{name: "By", value: row => row.actor}
				]), said.rows.filter(row => row.step !== "OFFBOARDING")));
			}
		}
	];

	/* ---- tabs: arrows move between them (WAI-ARIA) */

	let chosen = TABS[0];

	async function choose(tab, focus) {
		const panel = make("section", {role: "tabpanel", id: "panel-" + tab.id, "aria-labelledby": "tab-" + tab.id, tabindex: "-1", class: "busy"});
		const mine = opened;

		chosen = tab;
		for (const other of TABS) {
			const button = at("tab-" + other.id);

			button.setAttribute("aria-selected", String(other === tab));
			button.tabIndex = other === tab ? 0 : -1;
		}
		if (focus)
			at("tab-" + tab.id).focus();
		at("panels").replaceChildren(panel);
		say("loading " + tab.title);
		try {
			await tab.show(panel);
			if (panel.isConnected)
				say(tab.title + " is shown");
		} catch (error) {
			if (mine === opened)
				panel.append(problem(error));
		}
		panel.classList.remove("busy");
		panel.dataset.ready = "yes";
	}

	for (const tab of TABS) {
		const button = make("button", {type: "button", role: "tab", id: "tab-" + tab.id, "aria-controls": "panel-" + tab.id, "aria-selected": "false"}, tab.title);

		button.addEventListener("click", () => choose(tab));
		at("tabs").append(button);
	}
	at("tabs").addEventListener("keydown", event => {
		const now = TABS.indexOf(chosen);
		const next = {ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: TABS.length - 1}[event.key];

		if (next === undefined)
			return;
		event.preventDefault();
		choose(TABS[(next + TABS.length) % TABS.length], true);
	});

	/* ---- in and out */

	function forget(why) {
		token = null;
		opened++;
		clearTimeout(idle);
		for (const stop of asked)
			stop.abort();
		at("panels").replaceChildren();
		at("room").hidden = true;
		at("session").hidden = true;
		at("door").hidden = false;
		at("token").value = "";
		at("door-problem").textContent = why || "";
		at("token").focus();
	}

	function alive() {
		if (token === null)
			return;
		clearTimeout(idle);
		idle = setTimeout(() => forget("The token was forgotten, since nothing was done for " + IDLE_MINUTES + " minutes."), IDLE_MINUTES * 60000);
	}

	at("door").addEventListener("submit", event => {
		const entered = at("token").value.trim().replace(/^Bearer +/i, "");

		event.preventDefault();
		at("token").value = "";
		if (!/^[\x21-\x7e]+$/.test(entered)) {
			at("door-problem").textContent = entered === "" ? "Enter a token." : "This is no token.";
			at("token").focus();
			return;
		}
		token = entered;
		base = at("store").value;
		opened++;
		at("door").hidden = true;
		at("door-problem").textContent = "";
		at("room").hidden = false;
		at("session").hidden = false;
		at("where").textContent = base;
		alive();
		choose(TABS[0]);
		at("main").focus();
	});
	at("leave").addEventListener("click", () => forget());
	at("refresh").addEventListener("click", () => choose(chosen));
	for (const event of ["pointerdown", "keydown"])
		addEventListener(event, alive, {passive: true});
	// nor is it there when somebody goes back to the page
	addEventListener("pagehide", () => forget());

	fetch("/console/services.json", {credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer"})
		.then(answer => answer.json())
		.then(services => {
			for (const path of services)
				at("store").append(make("option", {value: path}, path));
			at("store-field").hidden = services.length < 2;
		})
		.catch(() => { at("door-problem").textContent = "The list of services cannot be read."; });
	at("token").focus();
})();

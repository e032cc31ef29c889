package main

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
)

const bomb = `<?xml version="1.0"?>
<!DOCTYPE bomb [<!ENTITY a "aaaaaaaaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">
<!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;"><!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;">]>
<bomb>&g;</bomb>`

// What is answered where nothing is wrong.
type sound struct {
	status int
	body   []byte
}

type misbehaviour func(w http.ResponseWriter, r *http.Request, right sound)

var misbehaviours = map[string]misbehaviour{
	"":        func(w http.ResponseWriter, _ *http.Request, right sound) { answer(w, right.status, right.body) },
	"bomb":    always(200, bomb),
	"empty":   always(200, ""),
	"html":    always(200, "<html><body>Sign in</body></html>"),
	"other":   always(200, fmt.Sprintf(envelope, `<OtherResponse xmlns="urn:vim25"/>`)),
	"busy":    always(503, "busy"),
	"deep":    always(200, strings.Repeat("<a>", 100000)),
	"huge":    huge,
	"charset": charset,
	"truncated": func(w http.ResponseWriter, _ *http.Request, right sound) {
		w.Header().Set("Content-Length", fmt.Sprint(len(right.body)))
		answer(w, right.status, right.body[:len(right.body)/2])
	},
	// Whole as far as HTTP is concerned.
	"torn": func(w http.ResponseWriter, _ *http.Request, right sound) {
		answer(w, right.status, right.body[:len(right.body)/2])
	},
	// Until the client has had enough.
	"silent": func(_ http.ResponseWriter, r *http.Request, _ sound) { <-r.Context().Done() },
}

func answer(w http.ResponseWriter, status int, body []byte) {
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func always(status int, body string) misbehaviour {
	return func(w http.ResponseWriter, _ *http.Request, _ sound) { answer(w, status, []byte(body)) }
}

// No end comes, until the client goes.
func huge(w http.ResponseWriter, _ *http.Request, _ sound) {
	w.WriteHeader(200)
	chunk := bytes.Repeat([]byte("<a>1</a>"), 1<<16)
	_, err := w.Write([]byte("<b>"))
	for err == nil {
		_, err = w.Write(chunk)
	}
}

// Bytes that are not of the encoding that the answer says it is in.
func charset(w http.ResponseWriter, _ *http.Request, right sound) {
	answer(w, right.status, bytes.Replace(right.body, []byte("</"), []byte("\xff\xfe</"), 1))
}

// A behaviour is one of these, or 'fault NAME'.
func misbehave(w http.ResponseWriter, r *http.Request, how string, right sound) {
	if name := strings.TrimPrefix(how, "fault "); name != how {
		writeFault(w, name, "A specified thing was not correct &lt;as told&gt;.", "")
		return
	}
	misbehaviours[how](w, r, right)
}

package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"

	"github.com/vmware/govmomi/simulator"
)

// What a request says that the front looks at.
type request struct {
	method             string
	machines           int
	UserName, Password string
}

// What is answered to the next calls of a method, instead of what would be.
type behaviour struct {
	how   string
	times int
}

// The front lets nobody in without a session, as a real vCenter does and the simulator doesn't.
type front struct {
	options  *options
	service  *simulator.Service
	lock     sync.Mutex
	sessions map[string]bool
	behaves  map[string]*behaviour
}

func newFront(o *options, service *simulator.Service) *front {
	return &front{options: o, service: service, sessions: map[string]bool{}, behaves: map[string]*behaviour{}}
}

func parse(body []byte) request {
	var found request
	var text *string
	decoder := xml.NewDecoder(bytes.NewReader(body))
	for depth := 0; ; {
		token, err := decoder.Token()
		if err != nil {
			return found
		}
		switch part := token.(type) {
		case xml.StartElement:
			depth++
			text = nil
			switch {
			case depth == 3:
				found.method = part.Name.Local
			case part.Name.Local == "querySpec":
				found.machines++
			case depth == 4 && part.Name.Local == "userName":
				text = &found.UserName
			case depth == 4 && part.Name.Local == "password":
				text = &found.Password
			}
		case xml.CharData:
			if text != nil {
				*text += string(part)
			}
		case xml.EndElement:
			depth--
			text = nil
		}
	}
}

const envelope = `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/"
 xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:xsd="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<soapenv:Body>
%s
</soapenv:Body>
</soapenv:Envelope>`

// As vCenter writes them.
func writeFault(w http.ResponseWriter, name, text, inside string) {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.WriteHeader(http.StatusInternalServerError)
	fmt.Fprintf(w, envelope, "<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>"+text+
		"</faultstring><detail><"+name+`Fault xmlns="urn:vim25" xsi:type="`+name+`">`+inside+
		"</"+name+"Fault></detail></soapenv:Fault>")
}

func (f *front) note(asked request) {
	if f.options.log == "" {
		return
	}
	file, err := os.OpenFile(f.options.log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return
	}
	defer file.Close()
	fmt.Fprintf(file, "%s %d\n", asked.method, asked.machines)
}

// The behaviour of this call; "" is the usual one.
func (f *front) takeBehaviour(method string) string {
	told := f.behaves[method]
	if told == nil || told.times == 0 {
		return ""
	}
	told.times--
	return told.how
}

func (f *front) isLoggedIn(r *http.Request) bool {
	cookie, err := r.Cookie("vmware_soap_session")
	return err == nil && f.sessions[cookie.Value]
}

func (f *front) refusal(asked request, r *http.Request) (name, text string) {
	switch {
	case asked.method == "RetrieveServiceContent":
		return "", ""
	case asked.method != "Login" && !f.isLoggedIn(r):
		return "NotAuthenticated", "The session is not authenticated."
	case asked.method == "Login" && (f.isLoggedIn(r) || asked.UserName != f.options.user ||
		asked.Password != f.options.password):
		return "InvalidLogin", "Cannot complete login due to an incorrect user name or password."
	}
	return "", ""
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	asked := parse(body)
	f.lock.Lock()
	f.note(asked)
	how := f.takeBehaviour(asked.method)
	name, text := f.refusal(asked, r)
	f.lock.Unlock()
	if name != "" {
		writeFault(w, name, text, "")
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if asked.method == "Login" {
		// The simulator takes a session that has ended here for one that goes on.
		r.Header.Del("Cookie")
	}
	recorder := httptest.NewRecorder()
	f.service.ServeSDK(recorder, r)
	f.lock.Lock()
	for _, cookie := range recorder.Result().Cookies() {
		f.sessions[cookie.Value] = true
	}
	if cookie, err := r.Cookie("vmware_soap_session"); err == nil && asked.method == "Logout" {
		delete(f.sessions, cookie.Value)
	}
	f.lock.Unlock()
	for name, values := range recorder.Header() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	misbehave(w, r, how, sound{recorder.Code, recorder.Body.Bytes()})
}

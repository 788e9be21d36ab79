// scim in a Go application: the application reads the bytes, scim.request does the rest.
// Run it with PGHOST, PGUSER, PGDATABASE and PORT, behind a proxy that has TLS;
// doc/embedding.md says what the role of PGUSER needs.
package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	_ "github.com/lib/pq"
)

const maxBody = 10 << 20 // bytes; the setting max_body_size is the same
const connections = 10
const patience = 5 * time.Second // until one of them is free

var passed = []string{"Accept", "Content-Encoding", "Content-Range", "Content-Type", "If-Match", "If-Modified-Since",
	"If-None-Match", "If-Unmodified-Since", "Prefer"}
var requestID = regexp.MustCompile(`^[!-~]{1,200}$`)
var printable = regexp.MustCompile(`^[!-~]*$`)
var db *sql.DB
var free = make(chan struct{}, connections)

type answer struct {
	status  int
	headers map[string]string
	body    string
}

// refusal is what the application answers itself; it looks like an error of scim.request.
func refusal(status int, detail string, headers ...string) answer {
	body, _ := json.Marshal(map[string]interface{}{
		"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:Error"},
		"detail":  detail, "status": strconv.Itoa(status)})
	all := map[string]string{"Content-Type": "application/scim+json"}
	for i := 0; i < len(headers); i += 2 {
		all[headers[i]] = headers[i+1]
	}
	return answer{status, all, string(body)}
}

// ask is one request in one transaction.  The pool tries another connection where one has
// died before the transaction began.  Nothing is repeated afterwards: what was sent may have
// been done, and the client knows whether it wants to come again.
func ask(ctx context.Context, r *http.Request, headers, body []byte) (answer, error) {
	var tenant sql.NullInt64
	var result answer
	var encoded []byte
	var text sql.NullString

	authorization := sql.NullString{String: strings.Join(r.Header.Values("Authorization"), ", ")}
	authorization.Valid = authorization.String != "" && utf8.ValidString(authorization.String)
	wait := time.NewTimer(patience)
	defer wait.Stop()
	select {
	case free <- struct{}{}:
		defer func() { <-free }()
	case <-wait.C:
		return result, errors.New("no connection is free")
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return result, err
	}
	defer tx.Rollback() // without effect after Commit
	if err = tx.QueryRowContext(ctx, "SELECT scim.authenticate($1)", authorization).Scan(&tenant); err != nil {
		return result, err
	}
	if !tenant.Valid {
		return refusal(401, "missing, invalid or expired bearer token", "WWW-Authenticate", `Bearer realm="scim"`), nil
	}
	// who acts is proved from here on, until the transaction ends
	err = tx.QueryRowContext(ctx, "SELECT status, headers, body FROM scim.request($1, $2, $3, $4::bytea)",
		r.Method, r.RequestURI, string(headers), body).Scan(&result.status, &encoded, &text)
	if err == nil {
		err = json.Unmarshal(encoded, &result.headers)
	}
	if err == nil {
		err = tx.Commit() // only then it may be told
	}
	result.body = text.String
	return result, err
}

func scim(r *http.Request, id string) answer {
	if r.ContentLength > maxBody {
		return refusal(413, fmt.Sprintf("the request body has more than %d bytes", maxBody))
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if len(body) > maxBody {
		return refusal(413, fmt.Sprintf("the request body has more than %d bytes", maxBody))
	}
	if err != nil {
		return refusal(400, "the request body ends early")
	}
	// RequestURI is the target as it was sent; r.URL is decoded
	if !printable.MatchString(r.RequestURI) {
		return refusal(400, "the request target holds what is not ASCII")
	}
	headers := map[string]string{"Host": r.Host, "X-Request-Id": id} // the audit has the id
	for _, name := range passed {
		if values := r.Header.Values(name); values != nil {
			headers[name] = strings.Join(values, ", ")
		}
	}
	encoded, _ := json.Marshal(headers)
	ctx, cancel := context.WithTimeout(r.Context(), 35*time.Second)
	defer cancel()
	result, err := ask(ctx, r, encoded, body)
	if err != nil {
		log.Print("scim: ", err)
		return refusal(503, "service temporarily unavailable", "Retry-After", "1")
	}
	return result
}

func handle(w http.ResponseWriter, r *http.Request) {
	id := r.Header.Get("X-Request-Id") // the proxy's, or one of our own
	if !requestID.MatchString(id) {
		random := make([]byte, 16)
		_, _ = rand.Read(random)
		id = fmt.Sprintf("%x", random)
	}
	result := scim(r, id)
	for name, value := range result.headers {
		w.Header().Set(name, value)
	}
	w.Header().Set("X-Request-Id", id)
	w.WriteHeader(result.status)
	_, _ = io.WriteString(w, result.body)
}

func main() {
	var err error
	if db, err = sql.Open("postgres", "connect_timeout=5"); err != nil {
		log.Fatal(err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	// no ServeMux between: it cleans paths, and redirects
	server := &http.Server{Addr: "127.0.0.1:" + port, Handler: http.HandlerFunc(handle),
		MaxHeaderBytes: 40 << 10, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 60 * time.Second}
	ended := make(chan struct{})
	stop, _ := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	go func() { // requests that are there are answered before the end
		<-stop.Done()
		ctx, cancel := context.WithTimeout(context.Background(), 40*time.Second)
		defer cancel()
		_ = server.Shutdown(ctx)
		db.Close()
		close(ended)
	}()
	if err = server.ListenAndServe(); err != http.ErrServerClosed {
		log.Fatal(err)
	}
	<-ended
}

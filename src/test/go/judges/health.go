package main

import (
	"context"
	"fmt"
	"time"

	lua "github.com/yuin/gopher-lua"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// The health of Argo CD: anything else makes a resource's health Unknown there.
var known = map[string]bool{
	"Healthy": true, "Progressing": true, "Degraded": true, "Suspended": true, "Missing": true, "Unknown": true,
}

// The libraries that Argo CD opens (util/lua of its sources); there is no io, and of os next to nothing.
var libraries = []struct {
	name string
	open lua.LGFunction
}{
	{lua.LoadLibName, lua.OpenPackage},
	{lua.BaseLibName, lua.OpenBase},
	{lua.TabLibName, lua.OpenTable},
}

// health runs a script as Argo CD does: the object is the global obj, the answer a table of status and
// message; a second of time at most.
func health(object *unstructured.Unstructured, script string) (string, string, error) {
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	for _, library := range libraries {
		if err := state.CallByParam(
			lua.P{Fn: state.NewFunction(library.open), NRet: 0, Protect: true}, lua.LString(library.name),
		); err != nil {
			return "", "", err
		}
	}
	limit, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	state.SetContext(limit)
	state.SetGlobal("obj", value(state, object.Object))
	if err := state.DoString(script); err != nil {
		return "", "", err
	}
	answer, isTable := state.Get(-1).(*lua.LTable)
	if !isTable {
		return "", "", fmt.Errorf("the script returned a %s, not a table", state.Get(-1).Type())
	}
	status, isText := answer.RawGetString("status").(lua.LString)
	if !isText || !known[string(status)] {
		return "", "", fmt.Errorf("%q is no health status of Argo CD", answer.RawGetString("status").String())
	}
	switch message := answer.RawGetString("message").(type) {
	case lua.LString:
		return string(status), string(message), nil
	case *lua.LNilType:
		return string(status), "", nil
	default:
		return "", "", fmt.Errorf("the message is a %s, not a string", message.Type())
	}
}

// value makes a Lua value of a JSON one, lists counting from 1.
func value(state *lua.LState, of any) lua.LValue {
	switch typed := of.(type) {
	case bool:
		return lua.LBool(typed)
	case float64:
		return lua.LNumber(typed)
	case int64:
		return lua.LNumber(typed)
	case string:
		return lua.LString(typed)
	case []any:
		table := state.CreateTable(len(typed), 0)
		for _, item := range typed {
			table.Append(value(state, item))
		}
		return table
	case map[string]any:
		table := state.CreateTable(0, len(typed))
		for name, member := range typed {
			table.RawSetString(name, value(state, member))
		}
		return table
	default:
		return lua.LNil
	}
}
